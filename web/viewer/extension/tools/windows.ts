// Windows by modality, for the number keys and the menu in the corner of an image.

export interface Preset {
  id: string;
  description: string;
  window: string;
  level: string;
}

const preset = (description: string, window: number, level: number): Preset => ({
  id: description.toLowerCase().replaceAll(/\W+/g, "-"),
  description,
  window: String(window),
  level: String(level),
});

/** Widths and centres in Hounsfield units for CT, in standardized uptake value for PT. */
export const WINDOW_PRESETS: Record<string, Preset[]> = {
  CT: [
    preset("Soft tissue", 400, 40),
    preset("Lung", 1500, -600),
    preset("Liver", 150, 90),
    preset("Bone", 2500, 480),
    preset("Brain", 80, 40),
    preset("Stroke", 40, 40),
    preset("Mediastinum", 350, 50),
    preset("Angiography", 600, 300),
  ],
  PT: [
    preset("0 to 5", 5, 2.5),
    preset("0 to 7", 7, 3.5),
    preset("0 to 10", 10, 5),
    preset("0 to 15", 15, 7.5),
    preset("0 to 20", 20, 10),
  ],
};

/**
 * For everything else, parts of what the image itself asks for: as stored, narrower, wider, darker, brighter.
 * Widths and centres are in the image's own units.
 */
export function relative(center: number, width: number): { center: number; width: number }[] {
  return [
    { center, width },
    { center, width: width * 0.5 },
    { center, width: width * 2 },
    { center: center + width * 0.25, width },
    { center: center - width * 0.25, width },
  ];
}
