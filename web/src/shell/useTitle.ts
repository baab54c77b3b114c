import { useEffect } from "react";

/** Names the page in the tab. Never a patient: tabs and histories are seen by others. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = [title, "Isocenter"].join(" · ");
  }, [title]);
}
