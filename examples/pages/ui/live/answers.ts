import type { Answer } from 'carillon';

const limit = 50;
const answers = new Map<string, Answer<unknown>>();

/** Keeps the last answers by their question, so that going "back" shows at once what was there. The oldest go first. */
export function remember(question: string, answer: Answer<unknown>): void {
  answers.delete(question);
  answers.set(question, answer);
  if (answers.size > limit) answers.delete(answers.keys().next().value as string);
}

/** The last answer to a question, if it is not too long ago. */
export function remembered(question: string): Answer<unknown> | undefined {
  return answers.get(question);
}
