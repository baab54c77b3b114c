/** Questions to begin from, and to learn by. */
import { t } from "@lingui/core/macro";
import type { Definition } from "../../api/cohorts";

export interface Example {
  label: () => string;
  definition: Definition;
}

const chestCt = [
  { field: "modalities", anyOf: ["CT"] },
  { field: "body_part", anyOf: ["CHEST"] },
];

const nodule = (...more: { field: string; min: number }[]) => ({
  of: "finding",
  tests: [{ field: "kinds", anyOf: ["nodule"] }, { field: "assertion", anyOf: ["present"] }, ...more],
});

export const EXAMPLES: Example[] = [
  {
    label: () => t`Chest CT within 90 days after lung cancer, nodule of 8 mm or more, CT again within a year`,
    definition: {
      language: 1,
      patients: {
        all: [
          {
            has: {
              of: "condition",
              tests: [{ field: "code", startsWith: ["C34"] }],
              pick: "first",
              around: [
                {
                  near: { days: { from: 0, to: 90 } },
                  has: {
                    of: "exam",
                    tests: chestCt,
                    around: [
                      { near: "sameExam", has: nodule({ field: "size", min: 8 }) },
                      {
                        near: { days: { from: 1, to: 365 } },
                        has: { of: "exam", tests: [{ field: "modalities", anyOf: ["CT"] }] },
                      },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    },
  },
  {
    label: () => t`Two chest CTs 60 to 400 days apart, a nodule in the first`,
    definition: {
      language: 1,
      patients: {
        all: [
          {
            has: {
              of: "exam",
              tests: chestCt,
              around: [
                { near: "sameExam", has: nodule() },
                { near: { days: { from: 60, to: 400 } }, has: { of: "exam", tests: chestCt } },
              ],
            },
          },
        ],
      },
    },
  },
  {
    label: () => t`Women of 50 to 69 with a mammogram and no breast cancer on record`,
    definition: {
      language: 1,
      patients: {
        all: [
          { has: { of: "patient", tests: [{ field: "sex", anyOf: ["female"] }] } },
          {
            has: {
              of: "exam",
              tests: [
                { field: "modalities", anyOf: ["MG"] },
                { field: "age", min: 50, max: 69 },
              ],
            },
          },
          { not: { has: { of: "condition", tests: [{ field: "code", startsWith: ["C50"] }] } } },
        ],
      },
    },
  },
];
