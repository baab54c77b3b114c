import type { Picked } from "./queue";

/** Files chosen by the picker; a folder picker tells where each stood. */
export function* fromInput(files: Iterable<File>): Generator<Picked> {
  for (const file of files) yield { path: file.webkitRelativePath || file.name, file };
}

/**
 * Files and folders that were dropped, walked while sending is under way.
 * The entries must be taken before the drop event ends; the walk may take its time.
 */
export function fromDrop(transfer: DataTransfer): AsyncGenerator<Picked> {
  const items = [...transfer.items].filter(({ kind }) => kind === "file");
  const dropped = items.map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  return found(dropped);
}

/** What doesn't come from a disk, such as a picture dragged out of another page, has no entry. */
async function* found(
  dropped: { entry: FileSystemEntry | null; file: File | null }[],
): AsyncGenerator<Picked> {
  for (const { entry, file } of dropped) {
    if (entry !== null) yield* walk([entry]);
    else if (file !== null) yield { path: file.name, file };
  }
}

async function* walk(roots: FileSystemEntry[]): AsyncGenerator<Picked> {
  const stack = roots.toReversed();
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    if (isDirectory(entry)) {
      for await (const child of childrenOf(entry)) stack.push(child);
    } else if (isFile(entry)) {
      yield { path: entry.fullPath.replace(/^\//, ""), file: await fileOf(entry) };
    }
  }
}

/** Browsers hand out a folder's entries a hundred at a time, until an empty answer. */
async function* childrenOf(folder: FileSystemDirectoryEntry): AsyncGenerator<FileSystemEntry> {
  const reader = folder.createReader();
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
    if (some.length === 0) return;
    yield* some;
  }
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((done, failed) => entry.file(done, failed));

const isDirectory = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
