# SPDX-License-Identifier: Apache-2.0
# Opens TCP connections, all at once, sends a request over each, and tells what became of them. Perl as in perl-base.
#   CONNECT_MS ANSWER_MS BYTES ADDRESS PORT COUNT [ADDRESS PORT COUNT]...
use strict;
use warnings;
use Errno qw(EINPROGRESS EAGAIN EWOULDBLOCK EINTR ECONNREFUSED ETIMEDOUT EHOSTUNREACH ENETUNREACH ECONNRESET EPIPE ENOBUFS);
use Fcntl;
use POSIX ();
use Socket qw(:DEFAULT :addrinfo);

my $tick = POSIX::sysconf(POSIX::_SC_CLK_TCK()) || 100;
sub now { return (POSIX::times())[0] * 1000 / $tick }

my ($connect_ms, $answer_ms, $bytes, @targets) = @ARGV;
$SIG{PIPE} = 'IGNORE';
print "tool=perl\n";

# Asks for nothing that changes anything; a long one has header lines that nobody reads.
sub request {
    my ($address) = @_;
    my $host = index($address, ':') >= 0 ? "[$address]" : $address;
    my $head = "GET / HTTP/1.0\r\nHost: $host\r\nUser-Agent: lvstun-doctor\r\n";
    my $number = 0;
    while (length($head) + 2 < $bytes) {
        my $left = $bytes - 2 - length $head;
        my $name = 'X-Padding-' . $number++ . ': ';
        my $room = ($left > 1100 ? 1024 : $left) - length($name) - 2;
        $room = 0 if $room < 0;
        $head .= $name . ('x' x $room) . "\r\n";
    }
    return "$head\r\n";
}

my @all;
my $start = now();
while (@targets >= 3) {
    my ($address, $port, $count) = splice @targets, 0, 3;
    for (1 .. $count) {
        my $each = { address => $address, port => $port, state => 'connecting', sent => 0, received => 0, since => now(),
            ms => 0, local => 0, source => '-', errno => 0, info => '' };
        push @all, $each;
        my ($error, $first) = getaddrinfo($address, $port,
            { flags => AI_NUMERICHOST | AI_NUMERICSERV, socktype => SOCK_STREAM });
        if ($error) { finish($each, 'error', 0); next }
        socket($each->{socket}, $first->{family}, SOCK_STREAM, 0) or do { finish($each, 'error', $! + 0); next };
        fcntl($each->{socket}, F_SETFL, O_NONBLOCK);
        my $done = connect($each->{socket}, $first->{addr});
        my $errno = $! + 0;
        local_end($each);
        if (!$done && $errno != EINPROGRESS) { failed($each, $errno) }
    }
}

sub local_end {
    my ($each) = @_;
    my $name = getsockname($each->{socket}) or return;
    my ($error, $host, $service) = getnameinfo($name, NI_NUMERICHOST | NI_NUMERICSERV);
    ($each->{source}, $each->{local}) = ($host, $service) unless $error;
}

sub failed {
    my ($each, $errno) = @_;
    my $outcome = $errno == ECONNREFUSED ? 'refused' : $errno == ETIMEDOUT ? 'timeout'
        : $errno == EHOSTUNREACH || $errno == ENETUNREACH ? 'unreachable'
        : $errno == ECONNRESET || $errno == EPIPE ? 'reset' : 'error';
    finish($each, $outcome, $errno);
}

sub finish {
    my ($each, $outcome, $errno) = @_;
    # struct tcp_info: 8 bytes of flags, then 32-bit numbers, then, from Linux 4.2, bytes acknowledged at 120.
    my $info = $each->{socket} ? getsockopt($each->{socket}, 6, 11) : undef;
    if ($each->{state} eq 'open' && defined $info && length $info >= 104) {
        my @number = unpack 'x8 L24', $info;
        my $options = unpack 'x5 C', $info;
        # Time stamps take 12 bytes of each segment, which the MSS that was announced does not say.
        my $mss = $number[2] + ($options & 1 ? 12 : 0);
        $each->{info} = " mss=$mss pmtu=$number[13] advmss=$number[19] unacked=$number[4] retrans=$number[23]";
        $each->{info} .= ' acked=' . unpack('x120 Q', $info) if length $info >= 128;
    }
    $each->{state} = 'done';
    $each->{outcome} = $outcome;
    $each->{errno} = $errno;
    close $each->{socket} if $each->{socket};
}

# Whether all that was sent has been acknowledged.
sub acknowledged {
    my ($each) = @_;
    return 0 if $each->{sent} < length $each->{request};
    my $info = getsockopt($each->{socket}, 6, 11) or return 0;
    return length $info >= 104 && (unpack 'x8 L24', $info)[4] == 0;
}

while (my @open = grep { $_->{state} ne 'done' } @all) {
    my ($read, $write) = ('', '');
    my $wait = 1000;
    for my $each (@open) {
        my $limit = $each->{since} + ($each->{state} eq 'connecting' ? $connect_ms : $answer_ms) - now();
        $wait = $limit if $limit < $wait;
        my $fd = fileno $each->{socket};
        if ($each->{state} eq 'connecting') { vec($write, $fd, 1) = 1; next }
        vec($read, $fd, 1) = 1;
        if ($each->{sent} < length $each->{request}) { vec($write, $fd, 1) = 1 }
    }
    $wait = 100 if $bytes && $wait > 100;
    select($read, $write, undef, ($wait < 10 ? 10 : $wait) / 1000);
    for my $each (@open) {
        my $fd = fileno $each->{socket};
        if ($each->{state} eq 'connecting') {
            if (vec($write, $fd, 1)) {
                my $errno = unpack 'i', getsockopt($each->{socket}, SOL_SOCKET, SO_ERROR);
                if ($errno) { failed($each, $errno); next }
                $each->{state} = 'open';
                $each->{ms} = int(now() - $each->{since});
                $each->{since} = now();
                $each->{request} = request($each->{address});
                local_end($each);
            } elsif (now() - $each->{since} >= $connect_ms) { finish($each, 'timeout', 0) }
            next;
        }
        if (vec($write, $fd, 1)) {
            my $count = syswrite($each->{socket}, $each->{request}, length($each->{request}) - $each->{sent}, $each->{sent});
            if (defined $count) { $each->{sent} += $count }
            elsif ($! != EAGAIN && $! != EWOULDBLOCK && $! != EINTR) { failed($each, $! + 0); next }
        }
        if (vec($read, $fd, 1)) {
            my $count = sysread($each->{socket}, my $data, 65536);
            if (!defined $count) {
                if ($! != EAGAIN && $! != EINTR) { failed($each, $! + 0); next }
            } elsif ($count == 0) { finish($each, $each->{received} ? 'ok' : 'closed', 0); next }
            else {
                $each->{received} += $count;
                # Over a long request the answer may come before its end: an error of the server's.
                if (!$bytes || acknowledged($each)) { finish($each, 'ok', 0); next }
            }
        }
        if ($bytes && acknowledged($each)) { finish($each, 'ok', 0) }
        elsif (now() - $each->{since} >= $answer_ms) { finish($each, $bytes ? 'stalled' : 'silent', 0) }
    }
}

for my $each (@all) {
    printf "attempt address=%s port=%d source=%s local=%d outcome=%s errno=%d ms=%d sent=%d received=%d%s\n",
        @$each{qw(address port source local outcome errno ms sent received info)};
}
