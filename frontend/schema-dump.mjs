/** Prints the editor's schema as JSON, to be compared with the server's table of names. */
import { describe } from './src/schema.js'

export const dump = () => `${JSON.stringify(describe(), null, 1)}\n`

if (process.argv[1]?.endsWith('schema-dump.mjs')) process.stdout.write(dump())
