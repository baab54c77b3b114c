// Settings of the viewer: our own DICOMweb door, signed in by our session, nothing from elsewhere.

function toSignIn() {
  window.location.assign("/sign-in");
}

window.config = {
  name: "isocenter",
  routerBasename: "/viewer",
  extensions: [],
  modes: [],
  // No guided tour over the first image one wants to see.
  customizationService: [{ "ohif.tours": { $set: [] } }],
  // The list of exams is ours; the viewer opens what it is asked to.
  showStudyList: false,
  maxNumberOfWebWorkers: 3,
  showLoadingIndicator: true,
  showWarningMessageForCrossOrigin: false,
  showCPUFallbackMessage: false,
  strictZSpacingForVolumeViewport: true,
  groupEnabledModesFirst: true,
  investigationalUseDialog: { option: "never" },
  showErrorDetails: "dev",
  maxNumRequests: { interaction: 20, thumbnail: 6, prefetch: 20 },
  whiteLabeling: {
    createLogoComponentFn: (React) =>
      React.createElement("a", { href: "/", className: "isocenter-home", title: "Back to exams" }, [
        React.createElement("img", { key: "sign", src: "/icon.svg", alt: "", width: 22, height: 22 }),
        React.createElement("span", { key: "word" }, "Isocenter"),
      ]),
  },
  defaultDataSourceName: "isocenter",
  dataSources: [
    {
      namespace: "@ohif/extension-default.dataSourcesModule.dicomweb",
      sourceName: "isocenter",
      configuration: {
        friendlyName: "Isocenter",
        name: "isocenter",
        qidoRoot: "/dicom-web",
        wadoRoot: "/dicom-web",
        wadoUriRoot: "/dicom-web",
        qidoSupportsIncludeField: true,
        supportsFuzzyMatching: true,
        supportsWildcard: true,
        supportsReject: false,
        enableStudyLazyLoad: true,
        imageRendering: "wadors",
        thumbnailRendering: "thumbnail",
        thumbnailRequestStrategy: "fetch",
        dicomUploadEnabled: false,
        omitQuotationForMultipartRequest: true,
        singlepart: "bulkdata,video,pdf",
        bulkDataURI: { enabled: true, relativeResolution: "studies" },
      },
    },
  ],
  httpErrorHandler: (error) => {
    if (error?.status === 401) toSignIn();
  },
};
