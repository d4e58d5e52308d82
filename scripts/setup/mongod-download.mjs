// Run as a process of its own: the library prints its progress, and must be able to be ended.
// Prints the path of the official mongod, downloaded into the folder given as first argument.
import { MongoBinary } from "mongodb-memory-server-core";

const [downloadDir = ""] = process.argv.slice(2);
const path = await MongoBinary.getPath({ downloadDir });
process.stdout.write(`\n${path}\n`);
