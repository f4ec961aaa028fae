import { command } from 'carillon';
import { z } from 'zod';
import { MemberRegistered, memberKind } from './events.js';
import { id } from './id.js';
import { member } from './states.js';

export const RegisterMember = command('RegisterMember', {
  data: z.object({ memberId: id, name: z.string().min(1).max(200), kind: memberKind }),
  reads: (c) => ({ member: member(c.memberId) }),
  rejections: { MemberExists: 'There is a member with that id already' },
  decide: ({ data, member, reject }) => (member.kind ? reject('MemberExists') : MemberRegistered(data)),
});
