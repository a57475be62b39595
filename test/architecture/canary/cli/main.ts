import { handler } from '../lambdas/one/handler.ts';

export const main = (): unknown => handler;
