import { type ChildProcess, spawn } from 'node:child_process'
import { mainOf, NODE_COMPILE_CACHE, nodeOptionsOf } from '@crystalmath/cli/services'
import { openClient } from '@crystalmath/client'
import { usageOf } from '../platform/processes.ts'
import { CLUSTER, type Ground, openGround, PROJECT } from '../scale/ground.ts'

const SIZES = [1_000, 10_000, 100_000] as const

export const importBench = {
  about: `tables of ${SIZES.join(', ')} complexes into campaigns, by the real gateway, MongoDB and NATS`,
  run: async ({ json, rest }: { readonly json: boolean; readonly rest: readonly string[] }): Promise<void> => {
    const sizes = rest.length === 0 ? SIZES : rest.map(Number)
    const ground = await openGround('import')
    const gateway = await startGateway(ground)
    try {
      const figures = []
      for (const rows of sizes) {
        const figure = await measure(ground, gateway, rows)
        figures.push(figure)
        print(figure)
      }
      if (json) process.stdout.write(`${JSON.stringify({ bench: 'import', figures })}\n`)
    } finally {
      gateway.process.kill('SIGTERM')
      await new Promise((done) => gateway.process.once('exit', done))
      await ground.close()
    }
  },
}

type Gateway = { readonly process: ChildProcess; readonly pid: number; readonly url: string }

async function startGateway({ mongo, nats, store }: Ground): Promise<Gateway> {
  const child = spawn(process.execPath, [...nodeOptionsOf('gateway'), mainOf('gateway')], {
    env: {
      ...{ PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE, NATS_URL: nats.url, MONGODB_URL: mongo.url, PORT: '0' },
      MONGODB_DATABASE: store.db.databaseName,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await new Promise<string>((done, failed) => {
    child.once('exit', (code) => failed(new Error(`the gateway exited with ${code}`)))
    child.stdout.on('data', (piece: Buffer) => {
      const [, port] = /"port":(\d+),"msg":"the API listens"/.exec(piece.toString()) ?? []
      if (port !== undefined) done(`http://127.0.0.1:${port}`)
    })
  })
  return { process: child, pid: child.pid ?? 0, url }
}

async function measure({ store, mongo, token }: Ground, { pid, url }: Gateway, rows: number) {
  const client = openClient({ url, token })
  const cpu = async () => ({ gateway: (await usageOf(pid)).cpuSeconds, mongod: (await usageOf(mongo.pid)).cpuSeconds })
  let peakMebibytes = 0
  const look = async () => {
    peakMebibytes = Math.max(peakMebibytes, (await usageOf(pid)).rssMebibytes)
  }
  const watch = setInterval(() => void look().catch(() => undefined), 100)
  const [before, began] = [await cpu(), performance.now()]
  const { campaign } = await client
    .createCampaign(head(rows) as never, { format: 'csv', open: () => table(rows) })
    .finally(() => clearInterval(watch))
  const seconds = (performance.now() - began) / 1_000
  const after = await cpu()
  const jobs = await store.db.collection('jobs').countDocuments({ campaignId: campaign?.id ?? '' })
  if (jobs !== rows) throw new Error(`${rows} rows became ${jobs} jobs`)
  return {
    rows,
    seconds,
    gatewayCpuSeconds: after.gateway - before.gateway,
    mongodCpuSeconds: after.mongod - before.mongod,
    peakMebibytes,
  }
}

const head = (rows: number) => ({
  name: `${rows} complexes`,
  template: {
    ...{ project: PROJECT, cluster: CLUSTER, code: 'orca' },
    parameters: { calculation: 'optimization', method: 'PBE', basis: 'def2-SVP' },
    resources: { ranks: 4, walltimeSeconds: 3_600 },
  },
  held: true,
})

/** 25 atoms a row, each row another geometry. */
async function* table(rows: number): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  yield encoder.encode('orig_index,aligned_csd_core,charge,uhf,metal,energy_guess\n')
  for (let row = 0; row < rows; row += 1) {
    const atoms = Array.from({ length: 25 }, (_, atom) => {
      const [x, y, z] = [(atom % 3) * 1.6, (Math.floor(atom / 3) % 3) * 1.6, Math.floor(atom / 9) * 1.6 + row * 1e-6]
      return `${atom === 0 ? 'Fe' : atom % 2 === 0 ? 'C' : 'H'} ${x.toFixed(6)} ${y.toFixed(6)} ${z.toFixed(6)}`
    })
    yield encoder.encode(`${row},"25\ncomplex ${row}\n${atoms.join('\n')}\n",0,${row % 2 === 0 ? 0 : 2},Fe,${row * 0.1}\n`)
  }
}

function print({ rows, seconds, gatewayCpuSeconds, mongodCpuSeconds, peakMebibytes }: Awaited<ReturnType<typeof measure>>): void {
  process.stdout.write(
    `${String(rows).padStart(7)} rows  ${seconds.toFixed(1).padStart(6)} s  gateway ${gatewayCpuSeconds.toFixed(1)} CPU s, at most ${peakMebibytes.toFixed(0)} MiB; mongod ${mongodCpuSeconds.toFixed(1)} CPU s\n`,
  )
}
