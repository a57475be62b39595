import { synthesizeApp } from '../stacks/app.ts';

await synthesizeApp(process.cwd());
