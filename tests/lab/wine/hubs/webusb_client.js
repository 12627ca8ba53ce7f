// Uses the lab's device by the calls of WebUSB, which both generations of node's bindings have.
//
//     node webusb_client.js FOLDER [CASE]...     FOLDER: libusb or nusb of node_programs.sh
'use strict';

const path = require('path');
const lab = require('./lab_device.js');
const { expect, expectEqual } = lab;
const { WebUSB } = require(path.join(process.argv[2], 'node_modules/usb'));

const version = require(path.join(process.argv[2], 'node_modules/usb/package.json')).version;
const UNDER_WAY = version.startsWith('2.') ? 8 : 1; // the newer ones take one call at a time
const READS = 64, READ_SIZE = 512;
const vendorRequest = { requestType: 'vendor', recipient: 'device', value: 0, index: 0 };
const webusb = new WebUSB({ allowAllDevices: true, deviceTimeout: 60000 });

// --- The device ---------------------------------------------------------------------------------

function send(device, request, index, bytes) {
    return device.controlTransferOut({ ...vendorRequest, request, index }, bytes);
}

function find() {
    return webusb.requestDevice({ filters: [{ vendorId: lab.vendor, productId: lab.product }] });
}

// Runs something with the device open, its interface 0 claimed, its endpoints as they begin.
async function withDevice(body) {
    const device = await find();

    await device.open();
    try {
        await device.selectConfiguration(1);
        await device.claimInterface(0);
        await send(device, lab.CLEAR, 0, Buffer.alloc(0));
        await body(device);
        await device.releaseInterface(0);
    } finally {
        await device.close();
    }
}

function bytesOf(view) {
    return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}

async function expectLoop(device, number) {
    const sent = lab.someBytes(1300);
    const written = await device.transferOut(number, sent);
    const read = await device.transferIn(number, 4096);

    expectEqual('writing', written.status, 'ok');
    expectEqual('bytes written', written.bytesWritten, sent.length);
    expectEqual('reading', read.status, 'ok');
    expect('what was written comes back', sent.equals(bytesOf(read.data)));
}

// --- Cases --------------------------------------------------------------------------------------

async function list() {
    const devices = await webusb.getDevices();
    const ours = devices.filter((device) => device.vendorId === lab.vendor);

    for (const device of devices)
        lab.say(`  ${device.vendorId.toString(16)}:${device.productId.toString(16)} ` +
            `${device.productName}`);
    expectEqual('devices of ours', ours.length, 1);
    expectEqual('product', ours[0].productName, 'Lab device');
    expectEqual('serial number', ours[0].serialNumber, 'LAB0001');
    expectEqual('configurations', ours[0].configurations.length, 1);
    expectEqual('interfaces', ours[0].configurations[0].interfaces.length, 2);
    expectEqual('settings of interface 1',
        ours[0].configurations[0].interfaces[1].alternates.length, 5);
}

async function control() {
    await withDevice(async (device) => {
        const sent = lab.someBytes(200);

        await send(device, lab.ECHO, 0, sent);
        const got = await device.controlTransferIn({ ...vendorRequest, request: lab.ECHO }, 200);
        expect('what was sent comes back', sent.equals(bytesOf(got.data)));
    });
}

async function loopback() {
    await withDevice(async (device) => {
        for (let i = 0; i < 10; i++)
            await expectLoop(device, 2);
    });
}

async function under_way() {
    await withDevice(async (device) => {
        let position = 0;

        await send(device, lab.PROGRAM, 0x81, lab.behaviour(lab.SOURCE));
        while (position < READS * READ_SIZE) {
            const reads = Array.from({ length: UNDER_WAY }, () => device.transferIn(1, READ_SIZE));

            for (const read of await Promise.all(reads)) {
                expect('data in their order', lab.isPattern(bytesOf(read.data), position));
                position += read.data.byteLength;
            }
        }
        lab.say(`  ${position} bytes`);
    });
}

async function stall() {
    await withDevice(async (device) => {
        await send(device, lab.PROGRAM, 0x81, lab.behaviour(lab.SOURCE, [[1, lab.STALL, 0]]));
        try {
            expectEqual('a stall', (await device.transferIn(1, READ_SIZE)).status, 'stall');
        } catch (error) { // nusb's
            lab.say(`  a stall: ${error.message}`);
        }
        await device.clearHalt('in', 1);
        const read = await device.transferIn(1, READ_SIZE);
        expect('data after it', lab.isPattern(bytesOf(read.data), 0));
    });
}

async function alternate() {
    await withDevice(async (device) => {
        await device.claimInterface(1);
        await device.selectAlternateInterface(1, 3);
        await expectLoop(device, 5);
        await device.selectAlternateInterface(1, 0);
        await device.releaseInterface(1);
    });
}

async function hotplug() {
    let connected = 0, disconnected = 0;

    await webusb.getDevices();
    webusb.addEventListener('connect', ({ device }) => connected += device.vendorId === lab.vendor);
    webusb.addEventListener('disconnect',
        ({ device }) => disconnected += device.vendorId === lab.vendor);
    await lab.pause(1000); // one of the bindings asks what is there by and by
    const device = await find();
    await device.open();
    await send(device, lab.REPLUG, 0, lab.replug(1500));
    await device.close().catch(() => {}); // it may be gone
    if (await lab.waitUntil('the device goes and comes', () => connected === 1 && disconnected === 1)) {
        await lab.settle();
        await withDevice((again) => expectLoop(again, 2));
    }
}

lab.run(`WebUSB of usb ${version}`, { list, control, loopback, under_way, stall, alternate, hotplug },
    process.argv.slice(3));
