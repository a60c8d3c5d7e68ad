#!/usr/bin/python3
"""dcc.py -- an IRC user of the laboratory that sends or receives a file directly, with python3-irc.

    dcc.py receive SERVER NICK FILE
    dcc.py send SERVER NICK FILE TO ADDRESS       ADDRESS: where the sender waits
"""
import os
import struct
import sys

import irc.client

role, server, nick, path = sys.argv[1:5]


class User(irc.client.SimpleIRCClient):
    def on_welcome(self, connection, event):
        if role == "receive":
            print("ready", flush=True)
            return
        self.size, self.sent = os.path.getsize(path), 0
        self.file = open(path, "rb")
        irc.client.socket.gethostname = lambda: sys.argv[6]	# where it listens
        self.dcc = self.dcc_listen("raw")
        print("waits on %s:%d" % (sys.argv[6], self.dcc.localport), flush=True)
        connection.ctcp("DCC", sys.argv[5], "SEND %s %s %d %d" % (os.path.basename(path),
                        irc.client.ip_quad_to_numstr(sys.argv[6]), self.dcc.localport, self.size))

    def on_ctcp(self, connection, event):
        if role != "receive" or event.arguments[0] != "DCC":
            return
        kind, name, address, port, size = event.arguments[1].split()
        self.size, self.received, self.file = int(size), 0, open(path, "wb")
        self.dcc = self.dcc_connect(irc.client.ip_numstr_to_quad(address), int(port), "raw")

    def on_dcc_connect(self, connection, event):
        if role == "send":
            self.more()

    def more(self):
        self.dcc.send_bytes(self.file.read(1400))

    def on_dccmsg(self, connection, event):
        data = event.arguments[0]
        if role == "receive":
            self.file.write(data)
            self.received += len(data)
            self.dcc.send_bytes(struct.pack("!I", self.received))
            if self.received == self.size:
                self.file.close()
                print("all of it", flush=True)
                self.dcc.disconnect()
            return
        self.sent = struct.unpack("!I", data[-4:])[0]
        if self.sent == self.size:
            self.dcc.disconnect()
            self.connection.quit()
        elif self.sent == self.file.tell():
            self.more()

    def on_dcc_disconnect(self, connection, event):
        self.connection.quit()

    def on_disconnect(self, connection, event):
        sys.exit(0)


user = User()
user.connect(server, 6667, nick)
user.start()
