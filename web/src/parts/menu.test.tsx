import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { Menu } from "./Menu";

afterEach(cleanup);

function shown() {
  const run = vi.fn();
  const items = ["Exam", "Series", "Condition"].map((label) => ({
    key: label,
    label,
    run: () => run(label) as undefined,
  }));
  render(<Menu groups={[{ label: "Kinds", items }]}>Add</Menu>);
  const button = screen.getByRole("button", { name: "Add" });
  fireEvent.click(button);
  return { run, button };
}

const focused = () => document.activeElement?.textContent;

test("a menu is walked by arrows, to its ends, and by letters", () => {
  shown();
  expect(focused()).toBe("Exam");
  const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });
  press("ArrowUp");
  expect(focused()).toBe("Condition");
  press("ArrowDown");
  expect(focused()).toBe("Exam");
  press("s");
  expect(focused()).toBe("Series");
  press("End");
  expect(focused()).toBe("Condition");
});

test("a menu gives the focus back to its button, whether something was chosen or not", () => {
  const { run, button } = shown();
  fireEvent.keyDown(document.activeElement ?? document.body, { key: "Escape" });
  expect(document.activeElement).toBe(button);
  fireEvent.click(button);
  fireEvent.click(screen.getByRole("menuitem", { name: "Series" }));
  expect(run).toHaveBeenCalledExactlyOnceWith("Series");
  expect(screen.queryByRole("menu")).toBeNull();
  expect(document.activeElement).toBe(button);
});
