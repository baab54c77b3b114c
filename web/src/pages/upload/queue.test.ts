import { describe, expect, it, vi } from "vitest";
import { Problem } from "../../api/problem";
import { UploadQueue, type Memory, type Picked, type Transport, type Verdict } from "./queue";

const file = (path: string, size = 4): Picked => ({ path, file: new File([new Uint8Array(size)], path) });
const many = (count: number) => Array.from({ length: count }, (_, index) => file(`exam/${index}`));

function memory(id?: string): Memory {
  let kept = id;
  return { load: () => kept, save: (next) => (kept = next) };
}

function transport(parts: Partial<Transport> = {}): Transport {
  return {
    start: vi.fn(() => Promise.resolve("u1")),
    arrived: vi.fn(() => Promise.resolve(undefined)),
    put: vi.fn(() => Promise.resolve<Verdict>({ outcome: "stored" })),
    finish: vi.fn(() => Promise.resolve({})),
    signedIn: vi.fn(() => Promise.resolve()),
    ...parts,
  };
}

const queueOf = (server: Transport, kept = memory()) =>
  new UploadQueue(server, kept, () => Promise.resolve());

const finished = (queue: UploadQueue) =>
  vi.waitFor(() => {
    expect(queue.current().phase).toBe("done");
  });

describe("an upload", () => {
  it("sends every file, a few at a time, and says goodbye", async () => {
    let under = 0;
    let most = 0;
    const put = vi.fn(async (): Promise<Verdict> => {
      most = Math.max(most, ++under);
      await Promise.resolve();
      under -= 1;
      return { outcome: "stored" };
    });
    const server = transport({ put });
    const queue = queueOf(server);
    await queue.add(many(100));
    await finished(queue);
    expect(queue.current().counts.stored).toBe(100);
    expect(most).toBeLessThanOrEqual(6);
    expect(server.start).toHaveBeenCalledTimes(1);
    expect(server.finish).toHaveBeenCalledWith("u1");
  });

  it("lists what needs a look, with the reason", async () => {
    const put = () => Promise.resolve<Verdict>({ outcome: "quarantined", reason: "Not DICOM" });
    const queue = queueOf(transport({ put }));
    await queue.add([file("notes.txt")]);
    await finished(queue);
    expect(queue.current().troubles).toEqual([
      { path: "notes.txt", outcome: "quarantined", reason: "Not DICOM" },
    ]);
  });

  it("tries again when the line drops", async () => {
    const put = vi
      .fn<Transport["put"]>()
      .mockRejectedValueOnce(new TypeError("no connection"))
      .mockRejectedValueOnce(new Problem(503, "Busy"))
      .mockResolvedValue({ outcome: "stored" });
    const queue = queueOf(transport({ put }));
    await queue.add([file("a")]);
    await finished(queue);
    expect(put).toHaveBeenCalledTimes(3);
    expect(queue.current().counts).toMatchObject({ stored: 1, failed: 0 });
  });

  it("waits for a server that is away, however long", async () => {
    let away = 40;
    const put = vi.fn((): Promise<Verdict> => {
      away -= 1;
      if (away > 0) return Promise.reject(new TypeError("no connection"));
      return Promise.resolve({ outcome: "stored" });
    });
    const heard: unknown[] = [];
    const queue = queueOf(transport({ put }));
    queue.subscribe(() => heard.push(queue.current().hindrance));
    await queue.add(many(10));
    await finished(queue);
    expect(queue.current()).toMatchObject({ counts: { stored: 10, failed: 0 }, hindrance: undefined });
    expect(heard).toContain("connection");
  });

  it("waits for its owner to sign in again when the session ends", async () => {
    let signIn: () => void = () => undefined;
    const back = new Promise<void>((go) => (signIn = go));
    let isIn = false;
    const put = vi.fn((): Promise<Verdict> => {
      if (put.mock.calls.length > 5 && !isIn) return Promise.reject(new Problem(401, "You are signed out"));
      return Promise.resolve({ outcome: "stored" });
    });
    const queue = queueOf(transport({ put, signedIn: () => back }));
    const adding = queue.add(many(100));
    await vi.waitFor(() => {
      expect(queue.current().hindrance).toBe("session");
    });
    expect(put.mock.calls.length).toBeLessThan(20);
    isIn = true;
    signIn();
    await adding;
    await finished(queue);
    expect(queue.current().counts).toMatchObject({ stored: 100, failed: 0 });
  });

  it("takes a refusal as an answer, and can send the rest later", async () => {
    const put = vi
      .fn<Transport["put"]>()
      .mockRejectedValueOnce(new Problem(413, "The file is too large"))
      .mockResolvedValue({ outcome: "stored" });
    const server = transport({ put });
    const kept = memory();
    const queue = queueOf(server, kept);
    await queue.add([file("a")]);
    await finished(queue);
    expect(queue.current().troubles[0]).toMatchObject({ outcome: "failed", reason: "The file is too large" });
    expect(server.finish).not.toHaveBeenCalled();
    expect(kept.load()).toBe("u1");
    await queue.retryFailed();
    await finished(queue);
    expect(queue.current()).toMatchObject({ files: 1, doneFiles: 1, troubles: [] });
    expect(kept.load()).toBeUndefined();
  });
});

describe("an upload after a reload", () => {
  it("sends only what the server doesn't have", async () => {
    const put = vi.fn<Transport["put"]>().mockResolvedValue({ outcome: "stored" });
    const arrived = () =>
      Promise.resolve([
        { path: "exam/0", size: 4, outcome: "stored" as const },
        { path: "exam/1", size: 9, outcome: "stored" as const },
      ]);
    const server = transport({ put, arrived });
    const queue = queueOf(server, memory("u0"));
    expect(queue.unfinished()).toBe(true);
    await queue.add(many(3));
    await finished(queue);
    // exam/1 has another size now, so it is another file.
    expect(put.mock.calls.map(([, { path }]) => path)).toEqual(["exam/1", "exam/2"]);
    expect(queue.current()).toMatchObject({ files: 3, doneFiles: 3, resumed: 1 });
    expect(server.start).not.toHaveBeenCalled();
  });

  it("starts anew when the server forgot the earlier one", async () => {
    const server = transport();
    const queue = queueOf(server, memory("gone"));
    await queue.add([file("a")]);
    await finished(queue);
    expect(server.start).toHaveBeenCalledTimes(1);
  });

  it("tells why when the server takes no uploads at all", async () => {
    const start = () => Promise.reject(new Problem(403, "Your account may not store"));
    const queue = queueOf(transport({ start }));
    await queue.add([file("a")]);
    await finished(queue);
    expect(queue.current().refusal).toBeInstanceOf(Problem);
  });
});

it("stopping keeps what arrived and sends no more", async () => {
  let queue: UploadQueue | undefined = undefined;
  const put = vi.fn((): Promise<Verdict> => {
    if (put.mock.calls.length === 3) queue?.cancel();
    return Promise.resolve({ outcome: "stored" });
  });
  const server = transport({ put });
  queue = queueOf(server);
  await queue.add(many(50));
  expect(queue.current().phase).toBe("stopped");
  expect(put.mock.calls.length).toBeLessThan(12);
});
