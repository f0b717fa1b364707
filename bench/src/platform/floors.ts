import type { Testbed } from '@crystalmath/testbed'

/** Name of a floor's jobs in the queue and in accounting. */
export const FLOOR = 'floor'

export type Floor = { readonly name: string; readonly seconds: number }

/**
 * The same job.sh without a platform: each floor copies the folder of one of our attempts N times, with paths of its own, and waits by the
 * end sentinels. `array-and-tars` also sends all folders in one tar stream before, and packs all outputs into one after. A loop of `sbatch` over one connection is what people do by hand; one array is the least that Slurm itself needs.
 */
export async function measureFloor(
  site: Testbed,
  attemptFolder: string,
  name: 'loop' | 'array' | 'array-and-tars',
  jobs: number,
): Promise<Floor> {
  const { stdout, stderr } = await site.login(`sh -s '${attemptFolder}' ${name} ${jobs}`, SCRIPT)
  const [, seconds] = /^took ([0-9.]+)$/m.exec(stdout) ?? []
  if (seconds === undefined)
    throw new Error(`the floor "${name}" could not be measured: ${stdout.slice(-300)} ${stderr.slice(-300)}`)
  return { name, seconds: Number(seconds) }
}

const SCRIPT = `set -eu
attempt=$1 kind=$2 jobs=$3
base=$HOME/floor-$kind
rm -rf "$base"
mkdir -p "$base/spool"
old_spool=$(sed -n 's/^spool=//p' "$attempt/job.sh")
i=0
while [ $i -lt $jobs ]; do
  mkdir -p "$base/$i/.crystalmath"
  for f in "$attempt"/*; do case \${f##*/} in job.out|job.err|script.out) ;; *) cp "$f" "$base/$i/" ;; esac; done
  sed -e "s#^directory=.*#directory=$base/$i#" -e "s#^spool=.*#spool=$base/spool#" -e "s#^token=.*#token=floor.$i#" "$attempt/job.sh" >"$base/$i/job.sh"
  ( cd "$base/$i" && sha256sum -- $(awk '{print $2}' manifest.sha256) >manifest.sha256.new && mv manifest.sha256.new manifest.sha256 )
  i=$((i + 1))
done
began=$(date +%s.%N)
if [ $kind = array-and-tars ]; then
  mv "$base" "$base.away" && mkdir "$base" && tar -C "$base.away" -cf - . | tar -C "$base" -xmf - && rm -rf "$base.away" &
  wait $!
fi
case $kind in
  loop)
    i=0
    while [ $i -lt $jobs ]; do
      ( cd "$base/$i" && sbatch --parsable --no-requeue --job-name=${FLOOR} --time=5 --mem=64 --output=job.out --error=job.err job.sh >/dev/null )
      i=$((i + 1))
    done ;;
  array*)
    printf '#!/bin/sh\\nexec sh %s/$SLURM_ARRAY_TASK_ID/job.sh\\n' "$base" >"$base/array.sh"
    sbatch --parsable --no-requeue --job-name=${FLOOR} --time=5 --mem=64 --array=0-$((jobs - 1)) --output=/dev/null "$base/array.sh" >/dev/null ;;
esac
while :; do
  done=$(ls "$base/spool" | grep -c '[.]end$' || :)
  [ "$done" -lt "$jobs" ] || break
  sleep 0.1
done
[ $kind != array-and-tars ] || tar -C "$base" -cf - --exclude job.sh . | cat >/dev/null
printf 'took %s\\n' "$(echo "$(date +%s.%N) - $began" | bc)"
`
