import { other } from '../two/handler.ts';

export const handler = other;
