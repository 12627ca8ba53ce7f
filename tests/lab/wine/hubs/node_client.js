// Uses the lab's device by node's bindings to libusb, of the older kind: callbacks and polling.
//
//     node node_client.js FOLDER [CASE]...     FOLDER: libusb of node_programs.sh
'use strict';

const path = require('path');
const { promisify } = require('util');
const lab = require('./lab_device.js');
const { expect, expectEqual } = lab;
const { usb, findByIds, getDeviceList } = require(path.join(process.argv[2], 'node_modules/usb'));

const UNDER_WAY = 8, READS = 64, READ_SIZE = 512, SHORTLY = 300;

// --- The device ---------------------------------------------------------------------------------

function request(device, number, index, bytes = Buffer.alloc(0)) {
    return promisify(device.controlTransfer).call(device, 0x40, number, 0, index, bytes);
}

// Runs something with the device open, its interface 0 claimed, its endpoints as they begin.
async function withDevice(body) {
    const device = findByIds(lab.vendor, lab.product);

    if (!expect('the device is found', device !== undefined))
        return;
    device.open();
    device.timeout = 60000;
    try {
        const first = device.interface(0);
        first.claim();
        await request(device, lab.CLEAR, 0);
        await body(device, first);
        await promisify(first.release).call(first);
    } finally {
        device.close();
    }
}

async function expectLoop(from, number) {
    const sent = lab.someBytes(1300);
    const written = await from.endpoint(number).transferAsync(sent);
    const got = await from.endpoint(0x80 | number).transferAsync(4096);

    expectEqual('bytes written', written, sent.length);
    expect('what was written comes back', sent.equals(got));
}

// --- Cases --------------------------------------------------------------------------------------

function list() {
    const devices = getDeviceList();
    const ours = devices.filter((device) => device.deviceDescriptor.idVendor === lab.vendor);

    for (const device of devices) {
        const { idVendor, idProduct } = device.deviceDescriptor;
        lab.say(`  bus ${device.busNumber} address ${device.deviceAddress} ports ` +
            `${device.portNumbers} ${idVendor.toString(16)}:${idProduct.toString(16)}`);
    }
    expectEqual('devices of ours', ours.length, 1);
    expectEqual('product', ours[0].deviceDescriptor.idProduct, lab.product);
    expect('it hangs on a hub', ours[0].parent && ours[0].parent.deviceDescriptor.bDeviceClass === 9);
    expectEqual('interfaces', ours[0].configDescriptor.interfaces.length, 2);
    expectEqual('settings of interface 1', ours[0].configDescriptor.interfaces[1].length, 5);
}

async function strings() {
    await withDevice(async (device) => {
        const ask = promisify(device.getStringDescriptor).bind(device);

        expectEqual('product', await ask(device.deviceDescriptor.iProduct), 'Lab device');
        expectEqual('serial number', await ask(device.deviceDescriptor.iSerialNumber), 'LAB0001');
        expectEqual('capabilities', (await promisify(device.getCapabilities).call(device)).length, 1);
    });
}

async function loopback() {
    await withDevice(async (device, first) => {
        for (let i = 0; i < 10; i++)
            await expectLoop(first, 2);
    });
}

async function timeout() {
    await withDevice(async (device, first) => {
        const source = first.endpoint(0x81);

        await request(device, lab.PROGRAM, 0x81, lab.behaviour(lab.NAK));
        source.timeout = SHORTLY;
        const error = await lab.expectRejected('a read of nothing', source.transferAsync(READ_SIZE));
        expectEqual('its error', error && error.errno, usb.LIBUSB_TRANSFER_TIMED_OUT);
        await expectLoop(first, 2);
    });
}

async function stall() {
    await withDevice(async (device, first) => {
        const source = first.endpoint(0x81);

        await request(device, lab.PROGRAM, 0x81, lab.behaviour(lab.SOURCE, [[1, lab.STALL, 0]]));
        const error = await lab.expectRejected('a stall', source.transferAsync(READ_SIZE));
        expectEqual('its error', error && error.errno, usb.LIBUSB_TRANSFER_STALL);
        await promisify(source.clearHalt).call(source);
        expect('data after it', lab.isPattern(await source.transferAsync(READ_SIZE), 0));
    });
}

// Reads without end, several under way at a time.
async function poll() {
    await withDevice(async (device, first) => {
        const source = first.endpoint(0x81);
        let position = 0;

        await request(device, lab.PROGRAM, 0x81, lab.behaviour(lab.SOURCE));
        const ended = new Promise((resolve) => source.once('end', resolve));
        const enough = new Promise((resolve, reject) => {
            source.on('error', reject);
            source.on('data', (data) => {
                expect('data in their order', lab.isPattern(data, position), `at ${position}`);
                position += data.length;
                if (position >= READS * READ_SIZE)
                    resolve();
            });
        });
        source.startPoll(UNDER_WAY, READ_SIZE);
        await enough;
        source.stopPoll();
        await ended;
        lab.say(`  ${position} bytes`);
    });
}

async function cancel() {
    await withDevice(async (device, first) => {
        const source = first.endpoint(0x81);

        await request(device, lab.PROGRAM, 0x81, lab.behaviour(lab.NAK));
        source.on('data', () => expect('no data', false));
        source.startPoll(UNDER_WAY, READ_SIZE);
        await lab.pause(SHORTLY);
        await promisify(source.stopPoll).call(source);
        await request(device, lab.PROGRAM, 0x81, lab.behaviour(lab.SOURCE));
        source.removeAllListeners();
        expect('data after it', lab.isPattern(await source.transferAsync(READ_SIZE), 0));
    });
}

async function alternate() {
    await withDevice(async (device) => {
        const second = device.interface(1);

        second.claim();
        await second.setAltSettingAsync(3);
        await expectLoop(second, 5);
        await second.setAltSettingAsync(0);
        await second.releaseAsync();
    });
}

async function reset() {
    await withDevice(async (device, first) => {
        await promisify(device.reset).call(device);
        await expectLoop(first, 2);
    });
}

async function hotplug() {
    let arrived = 0, left = 0;
    const isOurs = (device) => device.deviceDescriptor.idVendor === lab.vendor;

    usb.on('attach', (device) => arrived += isOurs(device) ? 1 : 0);
    usb.on('detach', (device) => left += isOurs(device) ? 1 : 0);
    // On a busy machine a short absence is over before anybody has noticed: then the device leaves for longer.
    for (let absence = 1500; left === 0 && absence <= 96000; absence *= 2) {
        await lab.waitUntil('the device is there', () => findByIds(lab.vendor, lab.product));
        await lab.settle();
        const device = findByIds(lab.vendor, lab.product);
        device.open();
        await request(device, lab.REPLUG, 0, lab.replug(absence));
        device.close();
        for (const end = Date.now() + 2 * absence; left === 0 && Date.now() < end;)
            await lab.pause(100);
    }
    if (await lab.waitUntil('the device goes and comes', () => left > 0 && arrived === left)) {
        await lab.settle();
        await withDevice((again, first) => expectLoop(first, 2));
    }
    usb.removeAllListeners('attach');
    usb.removeAllListeners('detach');
}

lab.run('usb 2', { list, strings, loopback, timeout, stall, poll, cancel, alternate, reset, hotplug },
    process.argv.slice(3));
