import { main } from '../../cli/main.ts';
import { text } from '../units/reads-disk.ts';

export const plan = [main, text].length;
