export const SHELLS = ["bash", "zsh"] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * Both ask the program itself for what may stand at the cursor: `uniview __complete -- <words…>`, one candidate a line.
 * Where it has none, file names are offered. Bash breaks words at `=` and `:`; no candidate of ours has either.
 */
export const SHELL_SCRIPTS: Record<Shell, string> = {
  bash: `_uniview() {
  local IFS=$'\\n'
  local words=("\${COMP_WORDS[@]:1:COMP_CWORD-1}" "\${COMP_WORDS[COMP_CWORD]}")
  COMPREPLY=()
  local candidate
  while read -r candidate; do
    COMPREPLY+=("$(printf '%q' "$candidate")")
  done < <("\${COMP_WORDS[0]}" __complete -- "\${words[@]}" 2>/dev/null)
}
complete -o default -F _uniview uniview
`,
  zsh: `#compdef uniview
_uniview() {
  local -a candidates
  candidates=("\${(@f)$("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  candidates=("\${(@)candidates:#}")
  if (( \${#candidates} )); then
    compadd -a candidates
  else
    _files
  fi
}
if [ "$funcstack[1]" = _uniview ]; then
  _uniview "$@"
else
  compdef _uniview uniview
fi
`,
};
