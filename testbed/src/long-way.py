"""long-way.py DEVICE NET PORT TARGET_PORT DELAY_MS LOSS_PERCENT SEED: a long and bad way to 127.0.0.1:TARGET_PORT, for as long as stdin is open.

Makes a TUN device with the address 10.NET.1. Whatever goes to 10.NET.2 comes back to us as if that host had sent it, DELAY_MS later each way and
without LOSS_PERCENT of its packets, so that the kernel's own TCP retransmits; there a relay leads on. Says `ready` when it is up.
"""
import asyncio, fcntl, os, random, struct, subprocess, sys

device, net, port, target, delay_ms, loss, seed = sys.argv[1:8]
here, there = f"10.{net}.1", f"10.{net}.2"
chance = random.Random(int(seed))
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH", device.encode(), IFF_TUN | IFF_NO_PI))
subprocess.run(["ip", "address", "add", f"{here}/30", "dev", device], check=True)
subprocess.run(["ip", "link", "set", device, "up", "mtu", "1400"], check=True)


def turned(packet):
    # source and destination change places: no checksum changes
    return packet[:12] + packet[16:20] + packet[12:16] + packet[20:]


def heard(loop):
    while True:
        try:
            packet = os.read(tun, 2048)
        except BlockingIOError:
            return
        if len(packet) >= 20 and packet[0] >> 4 == 4 and chance.random() * 100 >= float(loss):
            loop.call_later(float(delay_ms) / 1000, say, turned(packet))


def say(packet):
    try:
        os.write(tun, packet)
    except OSError:
        pass  # a full queue loses packets, as networks do


async def carry(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


async def relay(reader, writer):
    try:
        to_reader, to_writer = await asyncio.open_connection("127.0.0.1", int(target))
    except OSError:
        writer.transport.abort()
        return
    await asyncio.gather(carry(reader, to_writer), carry(to_reader, writer))


async def main():
    loop = asyncio.get_running_loop()
    loop.add_reader(tun, heard, loop)
    await asyncio.start_server(relay, here, int(port))
    over = loop.create_future()
    loop.add_reader(0, lambda: os.read(0, 1024) or over.set_result(None))
    print("ready", there, flush=True)
    await over


asyncio.run(main())
