import { api, asRole } from "./people";
import { expect, shot, test } from "./fixtures";
import { CHEST } from "./hospital";
import { pictureDrawn } from "./viewing";

type Row = Record<string, { Value?: unknown[] }>;

test("a researcher looks at a project's exam and the archive is not asked for anything", async ({
  browser,
  page,
  server,
  filled,
}) => {
  expect(filled).toBe(true);
  await api(page, "POST", "/api/v1/projects", { id: "lung", title: "Lung", policy: "public-sharing" });
  const enrolled = await api(page, "POST", "/api/v1/projects/lung/subjects", { exams: [CHEST.uid] });
  const [{ code }] = enrolled["enrolled"] as [{ code: string }];
  await asRole({ browser, page, server }, "researcher", async (theirs, name) => {
    await api(page, "PUT", `/api/v1/projects/lung/members/${name}`, { role: "member" });
    const rows = async () => (await (await theirs.request.get("/lung/dicomweb/studies")).json()) as Row[];
    await expect.poll(async () => (await rows()).length).toBe(1);
    const [row] = await rows();
    const uid = String(row?.["0020000D"]?.Value?.[0]);
    expect(uid).not.toBe(CHEST.uid);

    const asked: string[] = [];
    theirs.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await theirs.goto(`/viewer/viewer?StudyInstanceUIDs=${uid}&project=lung`);
    await pictureDrawn(theirs);
    await expect(theirs.getByRole("status").filter({ hasText: "Project lung, de-identified" })).toBeVisible();
    await expect(theirs.getByText(code).first()).toBeVisible();
    await expect(theirs.getByText(/Example|PAT-7001/)).toHaveCount(0);
    expect(asked.filter((path) => path.startsWith("/lung/dicomweb/")).length).toBeGreaterThan(10);
    expect(asked.filter((path) => /^\/(dicom-web|api\/v1\/exams)\//.test(path))).toEqual([]);
    await shot(theirs, "viewer-project");
    await theirs.getByRole("link", { name: "Back to the project's page" }).click();
    await expect(theirs).toHaveURL(/\/projects\/lung$/);
  });
});
