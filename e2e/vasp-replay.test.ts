import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { isOver, type JobRequestInput, type JobView, type Structure } from '@crystalmath/contract'
import { openStore } from '@crystalmath/store'
import { waitUntil } from '@crystalmath/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStage, type Stage } from './src/index.ts'

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
const VASP = `#!/bin/sh
for file in INCAR KPOINTS POSCAR POTCAR; do
  [ -s $file ] || { echo "ERROR: $file is missing"; exit 2; }
done
kinds=$(sed -n 6p POSCAR | wc -w)
[ "$(grep -c TITEL POTCAR)" -eq "$kinds" ] || { echo "ERROR: number of potentials on File POTCAR incompatible with number of species"; exit 2; }
[ "$(sed -n 's/.*VRHFIN *=\\([A-Za-z]*\\).*/\\1/p' POTCAR | tr '\\n' ' ')" = "$(sed -n 6p POSCAR | xargs) " ] || { echo "ERROR: POTCAR and POSCAR name other elements"; exit 2; }
if grep -q 'ALGO = Fast' INCAR && ! grep -q 'IMIX = 1' INCAR; then
  printf ' BRMIX: very serious problems\\n the old and the new charge density differ\\n'
  exit 1
fi
cp "$HOME"/recorded/* .
echo ' reached required accuracy - stopping structural energy minimisation'
`
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
      const put = async (path: string, text: string) =>
        site.login(`mkdir -p "$(dirname ${path})" && echo ${Buffer.from(text).toString('base64')} | base64 -d >${path}`)
      await put('potpaw_PBE.54/Si/POTCAR', POTCAR)
      await put('vasp_std', VASP)
      await site.login('chmod +x vasp_std')
      for (const name of ['OUTCAR', 'OSZICAR', 'CONTCAR', 'vasprun.xml'])
        await put(`recorded/${name}`, await readFile(join(RECORDED, name), 'utf8'))
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

describe('a campaign of VASP, replayed', () => {
  let jobs: readonly JobView[] = []

  it('runs, and goes on after a recorded failure as its rule says', async () => {
    const ids: string[] = []
    for (const one of [job('plain', {}), job('failing', { incar: { ALGO: 'Fast' } }), job('once more', { cutoffEv: 400 })])
      ids.push((await stage.client.submit(one)).id)
    const all = () => Promise.all(ids.map((id) => stage.client.job(id)))
    await waitUntil(async () => (await all()).every(({ status }) => isOver(status)), {
      timeoutMs: 150_000,
      onTimeout: async () => JSON.stringify(await all()),
    })
    jobs = await all()
    expect(jobs.map(({ resultId }) => resultId !== null)).toEqual([true, true, true])
    expect(jobs[1]).toMatchObject({ past: [{ attempt: 1, diagnosis: 'BRMIX' }], origin: { rule: 'kerker-mixing' } })
    expect(jobs[1]?.attempt).toBeGreaterThan(1)
  })

  it('refuses a data set that the cluster lacks, with the paths looked at', async () => {
    const refused = stage.client.submit(job('no such variant', { pseudopotentials: { Si: 'Si_GW' } }))
    await expect(refused).rejects.toMatchObject({
      problem: { errors: [{ message: expect.stringContaining(`no POTCAR "Si_GW" for PBE; looked in ${stage.site.home}`) }] },
    })
  })

  it('leaves no text of a POTCAR in the API, the database, the streams or the logs', async () => {
    const { client, platform } = stage
    const found: string[] = []
    const look = (where: string, content: Uint8Array | string) => {
      const bytes = Buffer.from(content)
      const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes
      if (plain.includes(BODY)) found.push(where)
    }
    for (const { id } of jobs) {
      const { items } = await client.files(id)
      expect(items.map(({ path }) => path).filter((path) => /POT/.test(path))).toEqual([])
      for (const { path, source } of items) if (source === 'store') look(`file ${path}`, await client.file(id, path))
      for (const path of ['POTCAR', 'POT_1']) await expect(client.file(id, path)).rejects.toThrow(/licence|stays on its cluster/)
      look('inputs', JSON.stringify(await client.inputs(id)))
      look('result', JSON.stringify(await client.result(id)))
    }
    const store = await openStore({ url: platform.servers.mongo.url, database: 'crystalmath', source: '/crystalmath/test' })
    try {
      let documents = 0
      for (const { name } of await store.db.listCollections().toArray())
        for await (const document of store.db.collection(name).find()) {
          documents += 1
          look(`collection ${name}`, JSON.stringify(document))
          for (const value of Object.values(document)) if (value?._bsontype === 'Binary') look(`binary of ${name}`, value.value())
        }
      expect(documents).toBeGreaterThan(10)
    } finally {
      await store.close()
    }
    for (const entry of await readdir(platform.dataFolder, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) look(entry.name, await readFile(join(entry.parentPath, entry.name)).catch(() => ''))
    expect(found).toEqual([])
    // and it was there to be found
    const { stdout } = await stage.site.login(`grep -l ${BODY} crystalmath/*/*/*/POTCAR | wc -l`)
    expect(stdout).toMatch(/^\s*[3-9]/)
  })
})
