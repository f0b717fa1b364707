#!/usr/bin/python3
"""A stand-in for `flux`, for tests: the commands that the platform uses, over plain processes of one machine.

Words, ids, statuses, return codes and urgencies as flux-jobs(1), flux-batch(1), flux-cancel(1) and flux-job(1) describe them;
it is no proof for Flux itself. State: one JSON file per job in ~/.flux-stand-in.
"""
import fcntl, json, os, re, signal, subprocess, sys, time

HOME = os.path.expanduser('~/.flux-stand-in')
SLOTS = 16
F58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
LIVE = ('SCHED', 'RUN', 'CLEANUP')


def locked():
    os.makedirs(HOME, exist_ok=True)
    lock = open(f'{HOME}/lock', 'w')
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def load(path):
    with open(path) as file:
        return json.load(file)


def all_jobs():
    paths = [f'{HOME}/{name}' for name in os.listdir(HOME) if name.endswith('.json')]
    return sorted((load(path) for path in paths), key=lambda job: -job['number'])


def save(job):
    with open(f'{HOME}/{job["id"]}.new', 'w') as file:
        json.dump(job, file)
    os.rename(f'{HOME}/{job["id"]}.new', f'{HOME}/{job["id"]}.json')


def change(job_id, **facts):
    with locked():
        job = {**load(f'{HOME}/{job_id}.json'), **facts}
        save(job)
        return job


def fail(command, said, code=1):
    sys.stderr.write(f'flux-{command}: ERROR: {said}\n')
    sys.exit(code)


def f58(number):
    text = ''
    while number:
        number, digit = divmod(number, 58)
        text = F58[digit] + text
    return 'f' + text


def batch(words):
    options = dict(word[2:].split('=', 1) for word in words if word.startswith('--'))
    script = next((word for word in words if not word.startswith('--')), '')
    if not os.path.isfile(script):
        fail('batch', f"No such file or directory: '{script}'")
    if int(options.get('nodes', 1)) > 1:
        fail('batch', '[Errno 22] unsatisfiable request')
    with locked():
        number = 58**7 + len(os.listdir(HOME))
        job = {
            'number': number, 'id': f58(number), 'name': options['job-name'], 'cwd': os.getcwd(), 'script': script,
            'out': options['output'], 'err': options['error'], 'limit': float(options['time-limit'].rstrip('s')),
            'cores': int(options['nslots']) * int(options['cores-per-slot']), 'urgency': 16, 'status': 'SCHED',
            'submit': time.time(), 'run': '', 'cleanup': '', 'code': '', 'exception': '', 'pid': None,
        }
        save(job)
    if os.fork() == 0:
        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        attend(job['id'])
        os._exit(0)
    print(job['id'])


def attend(job_id):
    """Waits for its turn, runs the job, and writes down how it ended."""
    while True:
        with locked():
            job = load(f'{HOME}/{job_id}.json')
            if job['exception'] == 'cancel':
                return save({**job, 'status': 'CANCELED', 'code': -128, 'cleanup': time.time()})
            busy = sum(other['cores'] for other in all_jobs() if other['status'] == 'RUN')
            if job['urgency'] > 0 and busy + job['cores'] <= SLOTS:
                with open(f'{job["cwd"]}/{job["out"]}', 'w') as out, open(f'{job["cwd"]}/{job["err"]}', 'w') as err:
                    environment = {**os.environ, 'FLUX_STAND_IN_JOB': job_id}
                    child = subprocess.Popen(
                        ['/bin/sh', job['script']], cwd=job['cwd'], stdout=out, stderr=err, env=environment,
                        start_new_session=True)
                job = {**job, 'status': 'RUN', 'run': time.time(), 'pid': child.pid}
                save(job)
                break
        time.sleep(0.2)
    while child.poll() is None:
        if time.time() - job['run'] > job['limit'] and load(f'{HOME}/{job_id}.json')['exception'] == '':
            change(job_id, exception='timeout')
        if load(f'{HOME}/{job_id}.json')['exception'] != '':
            end(child)
        time.sleep(0.1)
    exception = load(f'{HOME}/{job_id}.json')['exception']
    status = {'cancel': 'CANCELED', 'timeout': 'TIMEOUT'}.get(exception, 'FAILED' if child.returncode else 'COMPLETED')
    change(job_id, status=status, code=142 if exception == 'timeout' else child.returncode, cleanup=time.time())


def end(child):
    os.killpg(child.pid, signal.SIGTERM)
    try:
        child.wait(5)
    except subprocess.TimeoutExpired:
        pass
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def jobs(words):
    given = dict(word[2:].split('=', 1) for word in words if word.startswith('--') and '=' in word)
    form = words[words.index('-o') + 1]
    with locked():
        found = all_jobs()
    for job in found:
        if '-a' not in words and job['status'] not in LIVE:
            continue
        if given.get('name', job['name']) != job['name']:
            continue
        fields = {
            'id.f58': job['id'], 'status': job['status'], 'returncode': job['code'], 't_submit': job['submit'],
            't_run': job['run'], 't_cleanup': job['cleanup'], 'ncores': job['cores'],
            'nodelist': 'c1' if job['run'] else '', 'exception.type': job['exception'], 'name': job['name'],
        }
        print(re.sub(r'\{([a-z_.0-9]+)\}', lambda match: str(fields[match.group(1)]), form))


def cancel(ids):
    for job_id in ids:
        with locked():
            path = f'{HOME}/{job_id}.json'
            if not os.path.exists(path):
                fail('cancel', f'{job_id}: unknown job id')
            job = load(path)
            if job['status'] in LIVE:
                save({**job, 'exception': 'cancel'})


def main(command, *words):
    if command == 'version':
        print('commands:    \t\t0.67.0\nlibflux-core:\t\t0.67.0\nbroker:  \t\t0.67.0')
    elif command == 'batch':
        batch(words)
    elif command == 'jobs':
        jobs(words)
    elif command == 'cancel':
        cancel(words)
    elif command == 'getattr':
        print(os.environ['FLUX_STAND_IN_JOB'])
    elif command == 'job' and words[0] == 'id':
        print(words[-1])
    elif command == 'job' and words[0] == 'urgency':
        change(words[1], urgency={'hold': 0, 'default': 16}[words[2]])
    else:
        fail(command, 'the stand-in does not know this command', 2)


main(*sys.argv[1:])
