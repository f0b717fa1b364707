/** Its own file, sourced: a mistake in an operator's lines ends the run, not the script around it. */
export const SET_UP = 'set-up.sh'

/** Batch scripts that are no login shells often lack `module`, which is a function of the profile. */
const FIND_MODULE = `command -v module >/dev/null 2>&1 || for init in /etc/profile.d/lmod.sh /etc/profile.d/modules.sh /usr/share/lmod/lmod/init/sh /usr/share/Modules/init/sh; do
  if [ -r "$init" ]; then . "$init"; break; fi
done
`

export const setUpText = (setUp: string): string => `${/\bmodule\b/.test(setUp) ? FIND_MODULE : ''}${setUp.trimEnd()}\n`
