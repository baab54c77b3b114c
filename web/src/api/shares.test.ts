import { expect, it } from "vitest";
import { filled } from "./shares";

it("another viewer's address is filled in, each part as an address needs it", () => {
  const values = { study: "1.2.3", dicomweb: "https://a.example/dicom-web", token: "iso_x-y" };
  const address =
    "slicer://viewer/?studyUID={study}&dicomwebEndpoint={dicomweb}&access_token={token}&z={other}";
  expect(filled(address, values)).toBe(
    "slicer://viewer/?studyUID=1.2.3&dicomwebEndpoint=https%3A%2F%2Fa.example%2Fdicom-web&access_token=iso_x-y&z={other}",
  );
});
