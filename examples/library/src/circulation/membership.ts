import { command } from 'carillon';
import { z } from 'zod';
import { MemberRegistered, memberKind } from './events.js';
import { member } from './states.js';
import { id, text } from './typed.js';

export const RegisterMember = command('RegisterMember', {
  data: z.object({
    memberId: id('Give the member an id'),
    name: text('Say what the member is called', 200),
    kind: memberKind,
  }),
  reads: (c) => ({ member: member(c.memberId) }),
  rejections: { MemberExists: 'There is a member with that id already' },
  decide: ({ data, member, reject }) => (member.kind ? reject('MemberExists') : MemberRegistered(data)),
});
