import { createHash } from 'node:crypto';
import { App } from 'aws-cdk-lib';
import { plan } from '../plan/looks-outward.ts';

export const cost = [plan, App, createHash].length;
