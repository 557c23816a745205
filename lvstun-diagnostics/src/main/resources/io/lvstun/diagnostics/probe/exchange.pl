# SPDX-License-Identifier: Apache-2.0
# Sends packets as they are given, and tells which ones come back. Perl as in perl-base.
#   WAIT_MS FILTER LAST [ADDRESS PACKET]...     the filter as "code,true,false,operand;...", packets in hexadecimal;
#                                               so many at the end are sent when the waiting is over
use strict;
use warnings;
use POSIX ();
use Socket qw(:DEFAULT inet_pton);

my ($wait, $filter, $last, @packets) = @ARGV;
my @last = splice @packets, @packets - 2 * $last;
my @program = map { pack 'S C C L', split /,/ } split /;/, $filter;
my $program = join '', @program;
# struct sock_fprog: the number, and a pointer at its alignment.
my $fprog = pack('S', scalar @program) . "\0" x (length(pack 'P', '') - 2) . pack 'P', $program;
socket(my $seen, 17, SOCK_DGRAM, 0) or die "cannot open a packet socket: $!\n";
setsockopt($seen, SOL_SOCKET, 26, $fprog) or die "cannot attach a filter: $!\n";
bind($seen, pack 'S n i S C C a8', 17, 3, 0, 0, 0, 0, '') or die "cannot bind a packet socket: $!\n";
my %raw;
sub transmit {
    my ($address, $packet) = @_;
    my $family = $address =~ /:/ ? AF_INET6 : AF_INET;
    if (!$raw{$family}) {
        socket(my $socket, $family, SOCK_RAW, 255) or return $! + 0;
        $raw{$family} = $socket;
    }
    my $to = inet_pton($family, $address);
    $to = $family == AF_INET ? pack_sockaddr_in(0, $to) : pack_sockaddr_in6(0, $to);
    return defined send($raw{$family}, pack('H*', $packet), 0, $to) ? 0 : $! + 0;
}
print "tool=perl\n";
for (my $number = 0; @packets; $number++) {
    my $errno = transmit(splice @packets, 0, 2);
    print "sent $number $errno\n";
}
my $tick = POSIX::sysconf(POSIX::_SC_CLK_TCK()) || 100;
my $end = (POSIX::times())[0] + $wait * $tick / 1000;
my $most = 1000;
while ($most > 0) {
    my $left = ($end - (POSIX::times())[0]) / $tick;
    last if $left <= 0;
    my $read = '';
    vec($read, fileno $seen, 1) = 1;
    next if select($read, undef, undef, $left) <= 0;
    my $from = recv($seen, my $packet, 65535, 0);
    next unless defined $from;
    my (undef, undef, undef, $device, $type) = unpack 'S n i S C', $from;
    # Not what goes out, nor what the host says to itself.
    next if $type == 4 || $device == 772;
    print 'got ', unpack('H*', substr $packet, 0, 256), "\n";
    $most--;
}
transmit(splice @last, 0, 2) while @last;
