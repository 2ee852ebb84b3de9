import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** The one accent: links, buttons and what is chosen. The states have colours of their own, in console.css. */
const sea: MantineColorsTuple = [
  "#e9f4fb",
  "#d3e6f3",
  "#a6cee8",
  "#74b4dd",
  "#4c9fd4",
  "#3391cf",
  "#2282c2",
  "#136eaa",
  "#0d5f94",
  "#07507f",
];

/** Mantine's dark scale with less contrast between its planes and a hint of blue. */
const dark: MantineColorsTuple = [
  "#d8dee6",
  "#a9b4c1",
  "#8793a2",
  "#5c6877",
  "#353f4b",
  "#2a323c",
  "#1b2129",
  "#12171d",
  "#0e1217",
  "#090c10",
];

const gray: MantineColorsTuple = [
  "#f7f8fa",
  "#f1f3f6",
  "#e6e9ee",
  "#d9dee5",
  "#c6cdd6",
  "#a3adb9",
  "#74808e",
  "#566170",
  "#343d48",
  "#1c232c",
];

export const theme = createTheme({
  colors: { sea, dark, gray },
  black: "#1c232c",
  primaryColor: "sea",
  primaryShade: { light: 7, dark: 7 },
  defaultRadius: "md",
  radius: { xs: "3px", sm: "5px", md: "7px", lg: "10px", xl: "16px" },
  fontFamily: '"Inter Variable", system-ui, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  lineHeights: { xs: "1.4", sm: "1.45", md: "1.5", lg: "1.5", xl: "1.4" },
  headings: {
    fontWeight: "600",
    sizes: { h1: { fontSize: "1.375rem" }, h2: { fontSize: "1rem" }, h3: { fontSize: "0.875rem" } },
  },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: "sm" } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true, multiline: true, maw: 360, fz: "xs" } },
    Menu: { defaultProps: { shadow: "md", position: "bottom-end", withinPortal: true } },
    Modal: {
      defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.45 } },
      styles: { title: { fontWeight: 600 } },
    },
    Select: { defaultProps: { comboboxProps: { shadow: "md" } } },
    // every field is needed unless its description says otherwise
    TextInput: { defaultProps: { withAsterisk: false } },
    PasswordInput: { defaultProps: { withAsterisk: false } },
  },
});
