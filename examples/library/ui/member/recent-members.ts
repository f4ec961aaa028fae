import { useLocalStorage } from '@mantine/hooks';

const limit = 6;

/** The members whose accounts were opened last on this computer, the latest first. */
export function useRecentMembers(): [readonly string[], (memberId: string) => void] {
  const [recent, setRecent] = useLocalStorage<readonly string[]>({ key: 'library.recent-members', defaultValue: [] });
  return [
    recent,
    (memberId) => setRecent((members) => [memberId, ...members.filter((one) => one !== memberId)].slice(0, limit)),
  ];
}
