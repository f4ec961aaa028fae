/** A title and its copies. */
export interface ShelvedTitle {
  readonly titleId: string;
  readonly copyIds: readonly string[];
}

/** A loan of the past. */
export interface PastLoan {
  readonly titleId: string;
  readonly copyId: string;
  readonly memberId: string;
  readonly isReturned: boolean;
}

/** Every few members one stays away after this round, with a book that is never brought back. */
const lastRoundOfSome = 10;

/**
 * What members borrowed, in rounds: everyone takes one title, then all but the last round's are returned.
 *
 * Everyone has a place in the list of titles, where related ones stand together, and picks around it: so there are
 * titles that the same readers borrow.
 */
export function lendingHistory(
  titles: readonly ShelvedTitle[],
  memberIds: readonly string[],
  rounds: number,
): PastLoan[][] {
  const gone = new Set<string>();
  return Array.from({ length: rounds }, (_, round) => {
    const taken = new Set(gone);
    return memberIds.flatMap((memberId, index) => {
      const staysAway = index % 9 === 4;
      if (staysAway && round > lastRoundOfSome) return [];
      const home = index * 61;
      const choice = home + ((index * 5 + round * 7) % 23);
      const { titleId, copyId } = firstFree(titles, choice % titles.length, taken);
      taken.add(copyId);
      const isLastLoan = round === (staysAway ? lastRoundOfSome : rounds - 1);
      if (isLastLoan) gone.add(copyId);
      return [{ titleId, copyId, memberId, isReturned: !isLastLoan }];
    });
  });
}

/** A copy that nobody has, of the chosen title or else of the next. */
function firstFree(titles: readonly ShelvedTitle[], choice: number, taken: ReadonlySet<string>) {
  for (let index = choice; ; index = (index + 1) % titles.length) {
    const { titleId, copyIds } = titles[index]!;
    const copyId = copyIds.find((copy) => !taken.has(copy));
    if (copyId !== undefined) return { titleId, copyId };
  }
}
