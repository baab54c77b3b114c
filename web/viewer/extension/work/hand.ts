/** Whether a button is held down, or a finger. */
export function watchHand(): { isDown: () => boolean; end: () => void } {
  let down = false;
  const press = () => (down = true);
  const release = () => (down = false);
  const ends = ["pointerup", "pointercancel", "blur"];
  window.addEventListener("pointerdown", press, true);
  for (const name of ends) window.addEventListener(name, release, true);
  return {
    isDown: () => down,
    end: () => {
      window.removeEventListener("pointerdown", press, true);
      for (const name of ends) window.removeEventListener(name, release, true);
    },
  };
}
