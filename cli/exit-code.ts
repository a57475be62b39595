/** What a command's exit code says: yes; the user can fix it; our fault; the answer is no. */
export const EXIT = { yes: 0, userError: 1, fault: 2, no: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
