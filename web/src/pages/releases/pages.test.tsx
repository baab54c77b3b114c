// @vitest-environment jsdom
import { I18nProvider } from "@lingui/react";
import { i18n } from "@lingui/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { MemoryRouter, Route, Routes } from "react-router";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { api } from "../../api/client";
import type { ReleaseDetail, Withdrawal } from "../../api/releases";
import "../../language/language";
import { ToastProvider } from "../../parts/toasts";
import RequestPage from "./RequestPage";
import RequestsPage from "./RequestsPage";
import WithdrawalPage from "./WithdrawalPage";

const DETAIL: ReleaseDetail = {
  id: "r1",
  title: "Nodules for lung",
  project: { id: "lung", title: "Lung" },
  frozen: "f00d",
  state: "asked",
  askedBy: "rita",
  askedAt: "2026-11-01T10:00:00Z",
  expires: "2027-01-31",
  forms: ["dicom", "tables"],
  patients: 3,
  exams: 4,
  mayDecide: true,
  mayReceive: false,
  purpose: "Growth of nodules",
  recipients: [{ name: "Rita", email: "rita@uni.example", institution: "Uni" }],
  ethics: { reference: "EK-1", document: true },
  cohort: { id: "c0de", version: 2, name: "Nodules" },
  facts: 7,
  definition: {
    language: 1,
    patients: { has: { of: "finding", tests: [{ field: "finding", anyOf: ["nodule"] }] } },
  },
  policy: { id: "public-sharing", version: 1, digest: "a".repeat(64) },
  needed: 1,
  decisions: [],
  checks: [
    { kind: "dates", severity: "ok", says: "All dates are moved.", count: 0 },
    { kind: "small-groups", severity: "warn", says: "2 groups of fewer than 5.", count: 2 },
  ],
  progress: { done: 0, of: 0, says: "" },
  missing: [],
  fetching: null,
  package: null,
  receipts: [],
  letters: [],
  endpoint: null,
};

const READY: ReleaseDetail = {
  ...DETAIL,
  state: "ready",
  mayReceive: true,
  decisions: [{ by: "bob", at: "2026-11-02T10:00:00Z", approve: true, reason: "fine" }],
  missing: [{ what: "images", why: "withheld: text in pixels", count: 2 }],
  package: {
    digest: "b".repeat(64),
    bytes: 3_000_000,
    files: 2,
    madeAt: "2026-11-02T11:00:00Z",
    subjects: 3,
    exams: 4,
    series: 5,
    instances: 60,
  },
  receipts: [{ by: "rita", at: "2026-11-03T10:00:00Z", bytes: 3_000_000, files: 2 }],
};

const WITHDRAWAL: Withdrawal = {
  id: "w1",
  by: "bob",
  at: "2026-11-05T10:00:00Z",
  reason: "the patient said so",
  steps: [
    {
      n: 1,
      place: "project",
      name: "lung",
      state: "done",
      says: "Taken out.",
      doneBy: "bob",
      doneAt: "2026-11-05T10:00:00Z",
    },
    { n: 2, place: "recipient", name: "Rita", state: "waits", says: "Must delete 12 files." },
  ],
  letters: [
    {
      release: "r1",
      about: "withdrawn",
      name: "Rita",
      email: "rita@uni.example",
      state: "failed",
      at: "2026-11-05T10:00:00Z",
      why: "the mail server refused it (550)",
    },
  ],
};

type Answers = Record<string, unknown>;
let answers: Answers;
let sent: { call: string; body: unknown }[];

beforeAll(() => {
  // jsdom has no dialogs.
  HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
    this.open = true;
  };
});

beforeEach(() => {
  sent = [];
  vi.spyOn(api, "request").mockImplementation(((method: string, path: string, init: { body?: unknown }) => {
    const call = `${method} ${path.replace("/api/v1", "")}`;
    if (method !== "get") sent.push({ call, body: init.body });
    const known = call in answers;
    return Promise.resolve({
      data: known ? answers[call] : undefined,
      error: known ? undefined : { title: "There is no such thing", status: 404 },
      response: new Response(null, { status: known ? 200 : 404 }),
    });
  }) as never);
});

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

function show(path: string, me: string, given: Answers, may: string[] = ["count", "release"]) {
  answers = given;
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false, refetchInterval: false } } });
  queries.setQueryData(["session"], { account: { name: me }, may, csrfToken: "x" });
  queries.setQueryDefaults(["session"], { staleTime: Infinity });
  return render(
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={queries}>
        <ToastProvider>
          <MemoryRouter initialEntries={[path]}>
            <Routes>
              <Route path="requests" element={<RequestsPage />} />
              <Route path="requests/:id" element={<RequestPage />} />
              <Route path="withdrawals/:id" element={<WithdrawalPage />} />
            </Routes>
          </MemoryRouter>
        </ToastProvider>
      </QueryClientProvider>
    </I18nProvider>,
  );
}

it("another person decides, with a reason", async () => {
  show("/requests/r1", "bob", { "get /releases/{id}": DETAIL, "post /releases/{id}/decisions": {} });
  const box = await screen.findByRole("region", { name: "Your decision" });
  const approve = within(box).getByRole<HTMLButtonElement>("button", { name: "Approve" });
  expect(approve.disabled).toBe(true);
  fireEvent.change(within(box).getByRole("textbox", { name: /Reason/ }), { target: { value: " fine " } });
  fireEvent.click(approve);
  await waitFor(() =>
    expect(sent).toEqual([
      { call: "post /releases/{id}/decisions", body: { approve: true, reason: "fine" } },
    ]),
  );
});

it("nobody is offered to decide on what they asked for", async () => {
  show("/requests/r1", "rita", { "get /releases/{id}": DETAIL });
  expect(await screen.findByText("Somebody else decides on what you ask for.")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Approve" })).toBeNull();
  expect(screen.getByRole("button", { name: "Take it back" })).toBeTruthy();
});

it("a check that stops it leaves refusing alone", async () => {
  const checks = [{ kind: "policy", severity: "stop", says: "The policy is not approved.", count: 1 }];
  show("/requests/r1", "bob", { "get /releases/{id}": { ...DETAIL, checks } });
  const box = await screen.findByRole("region", { name: "Your decision" });
  fireEvent.change(within(box).getByRole("textbox", { name: /Reason/ }), { target: { value: "no" } });
  expect(within(box).getByRole<HTMLButtonElement>("button", { name: "Approve" }).disabled).toBe(true);
  expect(within(box).getByRole<HTMLButtonElement>("button", { name: "Refuse" }).disabled).toBe(false);
  expect(screen.getByText("Have the project's policy approved first.")).toBeTruthy();
});

it("a package lists its files, its ways, what is missing and who had it", async () => {
  const files = [{ path: "dicom/S1/1 a.dcm", size: 10, sha256: "c".repeat(64), form: "dicom" }];
  show("/requests/r1", "rita", { "get /releases/{id}": READY, "get /releases/{id}/files": { files } });
  const file = await screen.findByRole("link", { name: "dicom/S1/1 a.dcm" });
  expect(file.getAttribute("href")).toBe("/api/v1/releases/r1/files/dicom/S1/1%20a.dcm");
  expect(screen.getByRole("link", { name: /Download all/ }).getAttribute("href")).toBe(
    "/api/v1/releases/r1/package.zip",
  );
  expect(screen.getByLabelText("In Python").textContent).toContain('.release("r1").pull()');
  expect(screen.getByText("withheld: text in pixels")).toBeTruthy();
  expect(within(screen.getByRole("list", { name: "Who fetched it" })).getByText("rita")).toBeTruthy();
  expect(screen.queryByRole("region", { name: "Your decision" })).toBeNull();
});

it("who is not named fetches nothing", async () => {
  show("/requests/r1", "bob", { "get /releases/{id}": { ...READY, mayReceive: false } });
  expect(await screen.findByText("Only the people named above can fetch it.")).toBeTruthy();
  expect(screen.queryByRole("link", { name: /Download all/ })).toBeNull();
});

it("calling back needs a reason and sends it", async () => {
  show("/requests/r1", "bob", {
    "get /releases/{id}": { ...READY, mayReceive: false },
    "post /releases/{id}/recall": {},
  });
  fireEvent.click(await screen.findByRole("button", { name: "Call it back…" }));
  const dialog = screen.getByRole("dialog");
  fireEvent.change(within(dialog).getByRole("textbox"), { target: { value: "somebody withdrew" } });
  fireEvent.click(within(dialog).getByRole("button", { name: "Call it back" }));
  await waitFor(() => expect(sent[0]?.body).toEqual({ reason: "somebody withdrew" }));
});

it("a request that is not there is said to be not here", async () => {
  show("/requests/r9", "bob", {});
  expect(await screen.findByRole("heading", { name: "This request is not here" })).toBeTruthy();
});

it("the list begins with what waits for the reader", async () => {
  show("/requests", "bob", { "get /releases": { releases: [READY, DETAIL] } });
  const first = (await screen.findAllByRole("region"))[0];
  expect(first?.querySelector("h2")?.textContent).toBe("Wait for your decision");
});

it("a letter that was not sent is there for a person to write", async () => {
  show("/withdrawals/w1", "bob", { "get /withdrawals/{id}": WITHDRAWAL });
  const letters = await screen.findByRole("region", { name: "Letters to recipients" });
  expect(letters.textContent).toContain("not sent: write it yourself");
  expect(letters.textContent).toContain("the mail server refused it (550)");
  const address = within(letters).getByRole<HTMLAnchorElement>("link", { name: "rita@uni.example" });
  expect(address.href).toBe("mailto:rita@uni.example");
});

it("a step of a withdrawal is marked as done by a person who says what was done", async () => {
  show("/withdrawals/w1", "bob", {
    "get /withdrawals/{id}": WITHDRAWAL,
    "post /withdrawals/{id}/steps/{n}": {},
  });
  const waiting = await screen.findByRole("list", { name: "Still to be done" });
  const done = within(waiting).getByRole<HTMLButtonElement>("button", { name: "Done" });
  expect(done.disabled).toBe(true);
  fireEvent.change(within(waiting).getByRole("textbox"), { target: { value: "told by letter" } });
  fireEvent.click(done);
  await waitFor(() =>
    expect(sent).toEqual([{ call: "post /withdrawals/{id}/steps/{n}", body: { note: "told by letter" } }]),
  );
});
