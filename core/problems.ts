/** Problems that are told one by one: enough to work on, and a screen or two. */
const MAX_PROBLEMS = 50;
/** Characters of a problem: what it quotes from its file can have any length. */
const MAX_PROBLEM_LENGTH = 300;

/**
 * The first problems of a file, shortened, with a last line for how many more there are: a genesis of a million accounts can have
 * a million of them.
 */
export function firstProblems(problems: readonly string[]): readonly string[] {
  const told = problems.slice(0, MAX_PROBLEMS).map(shortened);
  const more = problems.length - told.length;
  return more === 0 ? told : [...told, `and ${more} more`];
}

function shortened(problem: string): string {
  return problem.length > MAX_PROBLEM_LENGTH ? `${problem.slice(0, MAX_PROBLEM_LENGTH)}…` : problem;
}
