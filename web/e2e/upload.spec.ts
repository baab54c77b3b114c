import { ctSlice } from "./dicom";
import { expect, shot, test, upload } from "./fixtures";
import { CHEST, folder } from "./hospital";

test("a folder is uploaded, counted, and what can't be read is listed with its reason", async ({ page }) => {
  await upload(page, folder());
  await expect(page.getByText("Stored", { exact: true }).locator("..")).toContainText(/\d/);
  await expect(page.getByRole("row", { name: /damaged\.dcm/ })).toContainText("In quarantine");
  await shot(page, "upload-done");
});

test("sent again, everything is already here", async ({ page, filled }) => {
  expect(filled).toBe(true);
  await upload(
    page,
    folder().filter(({ path }) => path.startsWith("head/")),
  );
  await expect(page.getByText("Already here", { exact: true }).locator("..")).toContainText("10");
});

test("an upload cut off by a reload goes on where it stood", async ({ page }) => {
  const exam = { ...CHEST, uid: "2.25.7010", id: "PAT-7010", patient: "Resume^Rita" };
  const files = Array.from({ length: 30 }, (_, n) => ({
    path: `resume/IM${n}`,
    content: ctSlice(exam, 1, n + 1, 30),
  }));
  // The line drops after ten files: what follows never gets an answer.
  let sent = 0;
  await page.route("**/api/v1/uploads/*/files*", async (route) => {
    sent += 1;
    if (sent > 10) return;
    await route.continue();
  });
  await page.goto("/upload");
  await page.locator("[data-pick=files]").setInputFiles(
    files.map(({ path, content }) => ({
      name: path.replace("resume/", ""),
      mimeType: "",
      buffer: content,
    })),
  );
  await expect(page.getByText(/10 of 30 files/)).toBeVisible();
  page.on("dialog", (dialog) => void dialog.accept());
  await page.goto("/upload");
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await expect(page.getByText("An upload was interrupted")).toBeVisible();
  await shot(page, "upload-interrupted");
  await page.locator("[data-pick=files]").setInputFiles(
    files.map(({ path, content }) => ({
      name: path.replace("resume/", ""),
      mimeType: "",
      buffer: content,
    })),
  );
  await expect(page.getByRole("heading", { name: "Everything arrived" })).toBeVisible();
  await expect(page.getByText("10 files arrived earlier")).toBeVisible();
});

test("a dropped folder is walked to its depths", async ({ page }) => {
  await page.goto("/upload");
  const content = ctSlice({ ...CHEST, uid: "2.25.7011", id: "PAT-7011" }, 1, 1, 1).toString("base64");
  const transfer = await page.evaluateHandle((base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], "IM1.dcm"));
    return data;
  }, content);
  await expect(page.getByRole("heading", { name: "Drop folders or files here" })).toBeVisible();
  await page.dispatchEvent("main", "drop", { dataTransfer: transfer });
  await expect(page.getByRole("heading", { name: "Everything arrived" })).toBeVisible();
});
