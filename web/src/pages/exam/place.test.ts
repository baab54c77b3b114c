import { describe, expect, it } from "vitest";
import { placeAddress, placeFrom, type LookPlace } from "./place";

const queryOf = (address: string) => new URLSearchParams(address.slice(address.indexOf("?")));

describe("the address of a picture", () => {
  it("says the same when it is read again", () => {
    const places: LookPlace[] = [
      { series: "1.2.1" },
      {
        series: "1.2.1",
        instance: "1.2.1.3",
        frame: 7,
        window: { center: -600, width: 1500.5 },
        inverted: true,
      },
    ];
    for (const place of places) expect(placeFrom(queryOf(placeAddress("1.2", place)))).toEqual(place);
  });

  it("is left to the page where it makes no sense", () => {
    for (const query of [
      "window=a,b",
      "window=40",
      "window=40,0",
      "window=1,2,3",
      "frame=0",
      "frame=1.5",
      "",
    ])
      expect(placeFrom(new URLSearchParams(query))).toEqual({});
  });
});
