import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { locate } from '../job-places.ts';
import type { JobShell } from '../job-shell.ts';

/** Puts a copy of a file to an `s3://` URI, as a job's upload would. */
export async function storeFile(shell: JobShell, path: string, uri: string): Promise<void> {
  const { bucket, key } = locate(uri);
  const source = await shell.objects.temporaryPath();
  const md5 = createHash('md5');
  await pipeline(
    createReadStream(path),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        md5.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(source),
  );
  await shell.objects.put(bucket, key, { source, etag: md5.digest('hex') }, { kind: 'none' });
}

/** Puts every file below the folder to the prefix. */
export async function storeFolder(shell: JobShell, folder: string, prefix: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    await storeFile(shell, path, `${prefix.endsWith('/') ? prefix : `${prefix}/`}${relative(folder, path)}`);
  }
}
