import { execFileSync } from "node:child_process";
import { BINARY, withServer, type Server } from "./fixtures";

/** Another archive, with one exam, that knows the server under test and may be asked by it. */
export async function withArchive(main: Server, use: (archive: Server) => Promise<void>): Promise<void> {
  await withServer(async (archive) => {
    const run = (...words: string[]) => execFileSync(BINARY, [...words, "--data", archive.data]);
    run("demo", "--patient", "DEMO-0009");
    const address = ["--host", "127.0.0.1", "--port", main.dimsePort];
    const rights = ["--may", "store", "--may", "query", "--may", "retrieve"];
    run("peer", "add", "warehouse", "--ae-title", "ISOCENTER", ...address, ...rights);
    await use(archive);
  });
}
