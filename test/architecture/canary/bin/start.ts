import { plan } from '../lib/plan/looks-outward.ts';

export const start = plan;
