import cron from 'node-cron'

type Schedule = {
  readonly signal: AbortSignal
  readonly onTick: () => void
  readonly doctorCron: string
  readonly onDoctor: () => void
}

/** The clock of one cluster: a tick each second (whether to ask the cluster then is the reconciler's choice), the doctor nightly. Resolves with the signal. */
export function schedule({ signal, onTick, doctorCron, onDoctor }: Schedule): Promise<void> {
  const tasks = [cron.schedule('* * * * * *', onTick), cron.schedule(doctorCron, onDoctor)]
  return new Promise((resolve) => {
    const end = () => {
      for (const task of tasks) void task.destroy()
      resolve()
    }
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}
