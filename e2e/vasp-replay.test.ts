import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { constants, gunzipSync } from 'node:zlib'
import { type CampaignHeadInput, type JobRequestInput, type JobView, type Structure, tokenOf } from '@crystalmath/contract'
import { openStore, type Store, saveOutputs } from '@crystalmath/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStage, type Stage } from './src/index.ts'
import { allOver, put, type Replayed, replay, replayScript } from './src/replay.ts'

/** Stands for the licensed body of a POTCAR; its head is what ours may read. */
const BODY = 'q7-licensed-body-of-a-potcar-q7'
const POTCAR = `  PAW_PBE Si 05Jan2001
   4.00000000000000
 parameters from PSCTR are:
   VRHFIN =Si: s2p2
   LEXCH  = PE
   TITEL  = PAW_PBE Si 05Jan2001
   POMASS =   28.085; ZVAL   =    4.000    mass and valenz
   ENMAX  =  245.345; ENMIN  =  184.009 eV
 ${BODY}
`
const RECORDED = resolve(import.meta.dirname, '../libs/codes/src/vasp/read/__fixtures__/relax')

/** VASP is licensed, so this is a replay: it asks of its inputs what VASP asks, then plays what a run left. `ALGO = Fast` without Kerker mixing plays a recorded failure instead. */
const VASP = replayScript(`for file in INCAR KPOINTS POSCAR POTCAR; do
  [ -s $file ] || { echo "ERROR: $file is missing"; exit 2; }
done
kinds=$(sed -n 6p POSCAR | wc -w)
[ "$(grep -c TITEL POTCAR)" -eq "$kinds" ] || { echo "ERROR: number of potentials on File POTCAR incompatible with number of species"; exit 2; }
[ "$(sed -n 's/.*VRHFIN *=\\([A-Za-z]*\\).*/\\1/p' POTCAR | tr '\\n' ' ')" = "$(sed -n 6p POSCAR | xargs) " ] || { echo "ERROR: POTCAR and POSCAR name other elements"; exit 2; }
if grep -q 'ALGO = Fast' INCAR && ! grep -q 'IMIX = 1' INCAR; then
  printf ' BRMIX: very serious problems\\n the old and the new charge density differ\\n'
  exit 1
fi`)

const BEGUN =
  ' running on    1 total cores\n vasp.6.4.2 20Jul23 (build Aug  1 2023 10:00:00) complex\n POSCAR found type information on POSCAR: Si\n'
const SEGFAULT = 'forrtl: severe (174): SIGSEGV, segmentation fault occurred\n'

const FAILURES: readonly Replayed[] = [
  {
    name: 'atoms too near',
    said: `${BEGUN} LAPACK: Routine ZPOTRF failed!           0           1          32\n`,
    diagnosis: 'ZPOTRF',
    rule: 'smaller-steps',
    input: /POTIM = 0\.25/,
  },
  {
    name: 'a line search that failed, and the signal after it',
    said: `${BEGUN}ZBRENT: fatal error in bracketing\n`,
    error: SEGFAULT,
    diagnosis: 'ZBRENT',
    rule: 'continue-relaxation',
  },
  { name: 'a signal alone', said: BEGUN, error: SEGFAULT, diagnosis: 'SEGMENTATION_FAULT', rule: 'run-again' },
  {
    name: 'an allocation that failed',
    said: `${BEGUN}Allocation would exceed memory limit\n`,
    diagnosis: 'OUT_OF_MEMORY',
    rule: 'more-memory',
  },
  {
    name: 'projectors that cannot be optimised, where numerics may change',
    said: `${BEGUN} REAL_OPTLAY: internal error (1)       35           0\n`,
    job: { recovery: { effects: ['none', 'path', 'numerics'] } },
    diagnosis: 'REAL_OPTLAY',
    rule: 'exact-projectors',
    input: /LREAL = \.FALSE\./,
  },
  {
    name: 'symmetry that needs other numerics, which may not change',
    said: `${BEGUN} PRICELV: current lattice and primitive lattice are incommensurate\n`,
    diagnosis: 'PRICELV',
    rule: null,
    verdict: /incommensurate.*no rule is left that may be tried/,
  },
  {
    name: 'a tag that cannot be read',
    said: `${BEGUN} Error reading item 'ENCUT' from file INCAR.\n`,
    diagnosis: 'READ_ERROR',
    rule: null,
    verdict: /item of the INCAR.*What helps: mend the tag/,
  },
  {
    name: 'bands that do not suffice',
    said: `${BEGUN} ERROR: the number of bands is not sufficient to hold all electrons\n`,
    diagnosis: 'NBANDS_NOT_SUFFICIENT',
    rule: null,
    verdict: /NBANDS is too small.*What helps: raise NBANDS/,
  },
]

const SILICON: Structure = {
  latticeAngstrom: [
    [3.8, 0, 0],
    [0, 3.8, 0],
    [0, 0, 3.8],
  ],
  species: ['Si', 'Si'],
  positionsAngstrom: [
    [0, 0, 0],
    [1.9, 1.9, 1.9],
  ],
}

let stage: Stage
beforeAll(async () => {
  stage = await openStage({
    name: 'vasp',
    environment: process.env,
    beforeRegistration: async (site) => {
      await put(site, 'potpaw_PBE.54/Si/POTCAR', POTCAR)
      await put(site, 'vasp_std', VASP)
      await put(
        site,
        'well.sh',
        'cp "$HOME"/recorded/* .\necho " reached required accuracy - stopping structural energy minimisation"\n' +
          // more than a document takes: what is kept of it lies in GridFS
          'head -c 1500000 /dev/urandom | base64 -w 100 | sed "s/^/ # /"\n',
      )
      await site.login('chmod +x vasp_std')
      for (const name of ['OUTCAR', 'OSZICAR', 'CONTCAR', 'vasprun.xml'])
        await put(site, `recorded/${name}`, await readFile(join(RECORDED, name), 'utf8'))
    },
  })
  const { spec } = await stage.client.cluster(stage.cluster)
  const { home } = stage.site
  await stage.client.saveCluster({
    ...spec,
    codes: { ...spec.codes, vasp: { pseudopotentialFolder: home, executables: { vasp_std: `${home}/vasp_std` }, launcher: '' } },
  })
  await stage.client.checkCluster(stage.cluster)
}, 240_000)
afterAll(() => stage?.close())

const job = (name: string, parameters: Readonly<Record<string, unknown>>): JobRequestInput => ({
  project: stage.project,
  cluster: stage.cluster,
  code: 'vasp',
  name,
  structure: SILICON,
  parameters: { calculation: 'relax', kMesh: [2, 2, 2], ...parameters },
  resources: { walltimeSeconds: 300, memoryMebibytes: 64 },
})

const CELL = 'Si2\n1.0\n3.8 0 0\n0 3.8 0\n0 0 3.8\nSi\n2\nDirect\n0 0 0\n0.5 0.5 0.5\n'

/** The journal of the database holds beginnings of compressed files: as much of them as is there. */
const BEGUN_ONLY = { finishFlush: constants.Z_SYNC_FLUSH }

type Look = (where: string, content: Uint8Array | string) => void

/** Kept files lie compressed in binaries, however deep in a document. */
function lookAtBinaries(where: string, value: unknown, look: Look): void {
  if (typeof value !== 'object' || value === null) return
  if (!('_bsontype' in value)) for (const one of Object.values(value)) lookAtBinaries(where, one, look)
  else if (value._bsontype === 'Binary' && 'value' in value && typeof value.value === 'function') look(where, value.value())
}

/** What `mongodump` writes: the bytes of every document of every collection of every database, each binary in it by itself, and every file of GridFS whole. Answers how many documents and files there are. */
async function dumpOf({ db, bucket }: Store, look: Look): Promise<{ readonly documents: number; readonly files: number }> {
  let documents = 0
  const { databases } = await db.admin().listDatabases()
  for (const { name: database } of databases) {
    const one = db.client.db(database)
    for (const { name } of await one.listCollections().toArray()) {
      for await (const bytes of one.collection(name).find({}, { raw: true })) look(`dump of ${database}.${name}`, bytes as never)
      for await (const document of one.collection(name).find()) {
        documents += 1
        look(`collection ${database}.${name}`, JSON.stringify(document))
        if (!name.endsWith('.chunks')) lookAtBinaries(`binary of ${name}`, document, look)
      }
    }
  }
  let files = 0
  for await (const { _id, filename } of bucket.find()) {
    files += 1
    look(`GridFS ${filename}`, Buffer.concat(await bucket.openDownloadStream(_id).toArray()))
  }
  return { documents, files }
}

describe('a campaign of VASP, replayed', () => {
  let jobs: readonly JobView[] = []
  let exports: readonly (readonly [string, string])[] = []

  it('runs, and goes on after a recorded failure as its rule says', async () => {
    const ids: string[] = []
    for (const one of [job('plain', {}), job('failing', { incar: { ALGO: 'Fast' } }), job('once more', { cutoffEv: 400 })])
      ids.push((await stage.client.submit(one)).id)
    jobs = await allOver(stage, ids)
    expect(jobs.map(({ resultId }) => resultId !== null)).toEqual([true, true, true])
    expect(jobs[1]).toMatchObject({ past: [{ attempt: 1, diagnosis: 'BRMIX' }], origin: { rule: 'kerker-mixing' } })
    expect(jobs[1]?.attempt).toBeGreaterThan(1)
  })

  it('is diagnosed where it fails, and followed by the right step', async () => {
    jobs = [...jobs, ...(await replay(stage, FAILURES, (name) => job(name, {}), 'INCAR'))]
  }, 240_000)

  it('exports a campaign of it', async () => {
    const { code, name: _, structure: __, ...template } = job('exported', {})
    const head: CampaignHeadInput = {
      name: 'replayed',
      template: { ...template, code },
      geometryColumn: 'cell',
      geometryFormat: 'poscar',
    }
    const { campaign } = await stage.client.createCampaign(head, {
      format: 'jsonl',
      open: async function* () {
        yield new TextEncoder().encode(`${JSON.stringify({ cell: CELL })}\n`)
      },
    })
    const { items } = await stage.client.jobs({ campaign: campaign?.id ?? '' }, { limit: 10 })
    jobs = [
      ...jobs,
      ...(await allOver(
        stage,
        items.map(({ id }) => id),
      )),
    ]
    exports = await Promise.all(
      (['csv', 'jsonl', 'extxyz'] as const).map(async (format) => {
        const text = await (await stage.client.exportCampaign(campaign?.id ?? '', { format, all: true })).text()
        return [`export as ${format}`, text] as const
      }),
    )
    for (const [format, text] of exports) expect(text, format).toContain('-21.9')
  })

  it('refuses a data set that the cluster lacks, with the paths looked at', async () => {
    const refused = stage.client.submit(job('no such variant', { pseudopotentials: { Si: 'Si_GW' } }))
    await expect(refused).rejects.toMatchObject({
      problem: { errors: [{ message: expect.stringContaining(`no POTCAR "Si_GW" for PBE; looked in ${stage.site.home}`) }] },
    })
  })

  // not once more: what is planted at its end would be found
  it('leaves no text of a POTCAR in the API, exports, the database, its backup, the streams or the logs', {
    retry: 0,
  }, async () => {
    const { client, platform } = stage
    const found: string[] = []
    const look = (where: string, content: Uint8Array | string) => {
      const bytes = Buffer.from(content)
      const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes, BEGUN_ONLY) : bytes
      if (plain.includes(BODY)) found.push(where)
    }
    for (const { id } of jobs) {
      const { items } = await client.files(id)
      expect(items.map(({ path }) => path).filter((path) => /POT/.test(path))).toEqual([])
      for (const { path, source } of items) if (source === 'store') look(`file ${path}`, await client.file(id, path))
      for (const path of ['POTCAR', 'POT_1']) await expect(client.file(id, path)).rejects.toThrow(/licence|stays on its cluster/)
      look('job', JSON.stringify([await client.job(id), await client.events(id), await client.evidence(id)]))
      look('inputs', JSON.stringify(await client.inputs(id)))
      look('result', JSON.stringify(await client.result(id)))
    }
    for (const [where, text] of exports) look(where, text)
    const store = await openStore({ url: platform.servers.mongo.url, database: 'crystalmath', source: '/crystalmath/test' })
    try {
      const { documents, files } = await dumpOf(store, look)
      expect([documents > 10, files > 0]).toEqual([true, true])
      expect(found).toEqual([])
    } finally {
      await store.close()
    }
    for (const entry of await readdir(platform.dataFolder, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) look(entry.name, await readFile(join(entry.parentPath, entry.name)).catch(() => ''))
    expect(found).toEqual([])
    // and it was there to be found
    const { stdout } = await stage.site.login(`grep -l ${BODY} crystalmath/*/*/*/POTCAR | wc -l`)
    expect(Number(stdout)).toBeGreaterThanOrEqual(jobs.length)
    // and it would be found, in a document and in GridFS
    const again = await openStore({ url: platform.servers.mongo.url, database: 'crystalmath', source: '/crystalmath/test' })
    try {
      const planted = [
        { path: 'small', content: Buffer.from(`text of ${BODY}`) },
        { path: 'large', content: Buffer.concat([randomBytes(3 << 20), Buffer.from(BODY)]) },
      ]
      await saveOutputs(again, tokenOf(jobs[0]?.id as JobView['id'], 99), planted)
      await dumpOf(again, look)
    } finally {
      await again.close()
    }
    expect(found.map((where) => where.split(' ')[0])).toEqual(expect.arrayContaining(['binary', 'GridFS']))
  })
})
