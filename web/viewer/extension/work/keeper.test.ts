import { expect, it } from "vitest";
import { Keeper, type Answer, type Memory } from "./keeper";
import type { Item, Measurement } from "./types";

const measurement = (label: string): Measurement => ({
  trackingUid: "2.25.1",
  tool: "Length",
  label,
  shapes: [],
  values: [],
  state: { points: [] },
});

function memory(): Memory & { kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
    key: (at) => [...kept.keys()][at] ?? null,
    get length() {
      return kept.size;
    },
  };
}

interface Sent {
  label: string | undefined;
  version: number;
  answer: (answer: Answer) => Promise<void>;
}

/** A server that answers when it is told to. */
function room(remembered = memory()) {
  const sent: Sent[] = [];
  const later: (() => void)[] = [];
  const send = (_study: string, _uid: string, to: Measurement | null, version: number) =>
    new Promise<Answer>((done) => {
      const answer = async (what: Answer) => {
        done(what);
        await new Promise((settled) => setTimeout(settled));
      };
      sent.push({ label: to?.label, version, answer });
    });
  const keeper = new Keeper(
    { send },
    remembered,
    () => undefined,
    "ann",
    (action) => later.push(action),
  );
  return { keeper, sent, later, remembered };
}

const kept = (version: number): Answer => ({ kind: "kept", version, changedAt: "" });

it("a change made while one is under way is sent after it, from its version", async () => {
  const { keeper, sent } = room();
  keeper.change("1.2", "2.25.1", measurement("a"));
  keeper.change("1.2", "2.25.1", measurement("b"));
  keeper.change("1.2", "2.25.1", measurement("c"));
  await sent[0]?.answer(kept(1));
  await sent[1]?.answer(kept(2));
  expect(sent.map(({ label, version }) => [label, version])).toEqual([
    ["a", 0],
    ["c", 1],
  ]);
  expect(keeper.unsent).toBe(0);
});

it("what nobody answers for is sent again and remembered until it is kept", async () => {
  const { keeper, sent, later, remembered } = room();
  keeper.change("1.2", "2.25.1", measurement("a"));
  await sent[0]?.answer({ kind: "later" });
  expect([keeper.offline, keeper.unsent, remembered.kept.size]).toEqual([true, 1, 1]);
  later[0]?.();
  await sent[1]?.answer(kept(1));
  expect([keeper.offline, keeper.unsent, remembered.kept.size]).toEqual([false, 0, 0]);
});

it("a window after a crash sends what the one before left, from the version that one had seen", async () => {
  const before = room();
  before.keeper.seen("1.2", "2.25.1", 4);
  before.keeper.change("1.2", "2.25.1", measurement("left"));
  const after = room(before.remembered);
  after.keeper.seen("1.2", "2.25.1", 4);
  const shown: (string | undefined)[] = [];
  after.keeper.resume("1.2", (_, to) => shown.push(to?.label));
  after.keeper.resume("9.9", (_, to) => shown.push(to?.label));
  expect(shown).toEqual(["left"]);
  expect(after.sent.map(({ label, version }) => [label, version])).toEqual([["left", 4]]);
  await after.sent[0]?.answer(kept(5));
  expect(before.remembered.kept.size).toBe(0);
});

it("a newer version elsewhere stops everything until the person has chosen", async () => {
  const { keeper, sent } = room();
  keeper.seen("1.2", "2.25.1", 1);
  keeper.change("1.2", "2.25.1", measurement("mine"));
  const item: Item = {
    author: "ann",
    own: true,
    version: 7,
    madeAt: "",
    changedAt: "",
    removed: false,
    measurement: measurement("theirs"),
  };
  await sent[0]?.answer({ kind: "newer", item });
  keeper.change("1.2", "2.25.1", measurement("mine, moved"));
  expect(sent).toHaveLength(1);
  keeper.insist("2.25.1");
  await sent[1]?.answer(kept(8));
  expect(sent.map(({ label, version }) => [label, version])).toEqual([
    ["mine", 1],
    ["mine, moved", 7],
  ]);
});

it("what is drawn and taken away before it was kept is never sent as a removal", async () => {
  const { keeper, sent, remembered } = room();
  keeper.change("1.2", "2.25.1", null);
  expect([sent.length, remembered.kept.size]).toEqual([0, 0]);
  keeper.change("1.2", "2.25.1", measurement("a"));
  keeper.change("1.2", "2.25.1", null);
  await sent[0]?.answer(kept(1));
  expect(sent.map(({ label, version }) => [label, version])).toEqual([
    ["a", 0],
    [undefined, 1],
  ]);
});

it("another account's unsent work stays where it is", () => {
  const one = room();
  one.keeper.change("1.2", "2.25.1", measurement("ann's"));
  const other = new Keeper(
    { send: () => new Promise(() => undefined) },
    one.remembered,
    () => undefined,
    "bob",
  );
  const shown: string[] = [];
  other.resume("1.2", (uid) => shown.push(uid));
  expect(shown).toEqual([]);
});
