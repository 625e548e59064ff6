// Icons as strokes of one width, named; a page names one for the menu.
const PATHS: Readonly<Record<string, string>> = {
  overview: "M4 13h4l2.5-7 4 12L17 13h3",
  rules: "M5 6h14M5 12h9M5 18h6m5-4 3 3-3 3",
  routing: "M5 12h4m0 0c4 0 3-6 7-6h3M9 12c4 0 3 6 7 6h3",
  providers: "M5 7.5C5 5.6 8.1 4 12 4s7 1.6 7 3.5S15.9 11 12 11 5 9.400 5 7.500zm0 0v9C5 18.400 8.100 20 12 20s7-1.600 7-3.500v-9M5 12c0 1.900 3.100 3.500 7 3.500s7-1.600 7-3.500",
  log: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
  usage: "M5 20V11m5 9V5m5 15v-7m5 7V8",
  settings: "M4 7h10m4 0h2M4 17h2m4 0h10M14 7a2 2 0 1 0 4 0 2 2 0 0 0-4 0zM6 17a2 2 0 1 0 4 0 2 2 0 0 0-4 0z",
  bench: "M9 4h6M10 4v6l-5 8a1.500 1.500 0 0 0 1.300 2.200h11.400A1.500 1.500 0 0 0 19 18l-5-8V4M8 15h8",
  commands: "M5 7l5 5-5 5m7 0h7",
  reference: "M5 5a2 2 0 0 1 2-2h12v16H7a2 2 0 0 0-2 2zm0 0v16m0 0h14",
  keys: "M14 10a4 4 0 1 0-3.500 4l1.500 1.500h2V17.500h2V20h3v-3l-5.300-5.300",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6 6 18",
  copy: "M9 9V5a1 1 0 0 1 1-1h9a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-4M5 9h9a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1z",
  check: "M5 13l4 4L19 7",
  warning: "M12 4 3 19h18zM12 10v4m0 2.500v.01",
  error: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 5v5m0 3v.01",
  note: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 8v5m0-8v.01",
  arrow: "M5 12h14m-5-5 5 5-5 5",
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zm5 12 4 4",
  leave: "M10 4H6a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h4m5-4 4-4-4-4m4 4H9",
  export: "M12 15V4m0 0L8 8m4-4 4 4M5 14v5a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1v-5",
  up: "M12 19V5m-6 6 6-6 6 6",
  down: "M12 5v14m6-6-6 6-6-6",
  plus: "M12 5v14M5 12h14",
  trash: "M5 7h14M10 7V4h4v3m-7 0 1 13h8l1-13",
  grip: "M9 6h.01M9 12h.01M9 18h.01M15 6h.01M15 12h.01M15 18h.01",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 3v1.500m0 15V21M3 12h1.500m15 0H21M5.600 5.600l1.100 1.100m10.600 10.600 1.100 1.100m0-12.800-1.100 1.100M6.700 17.300l-1.100 1.100",
};

export function Icon({ name, size = 20 }: { name: string; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor"
      stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
      <path d={PATHS[name] ?? PATHS.note} />
    </svg>
  );
}
