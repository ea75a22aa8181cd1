using System.Net;
using Telemetry.Api.Notify;

namespace Telemetry.Tests.Notify;

public class SafeConnectionTests
{
    [Theory]
    [InlineData("169.254.169.254", true)]
    [InlineData("169.254.0.1", true)]
    [InlineData("::ffff:169.254.169.254", true)]
    [InlineData("64:ff9b::a9fe:a9fe", true)]
    [InlineData("64:ff9b:1::a9fe:a9fe", true)]
    [InlineData("2002:a9fe:a9fe::1", true)]
    [InlineData("::a9fe:a9fe", true)]
    [InlineData("::ffff:0:169.254.169.254", true)]
    [InlineData("64:ff9b::6464:64c8", true)]
    [InlineData("64:ff9b::808:808", false)]
    [InlineData("2002:c0a8:105::1", false)]
    [InlineData("fe80::1", true)]
    [InlineData("febf::1", true)]
    [InlineData("fd00:ec2::254", true)]
    [InlineData("100.100.100.200", true)]
    [InlineData("168.63.129.16", true)]
    [InlineData("192.0.0.192", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("192.168.1.5", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("fd00::5", false)]
    [InlineData("::1", false)]
    [InlineData("169.253.1.1", false)]
    [InlineData("8.8.8.8", false)]
    public void Nothing_is_sent_to_link_local_and_metadata_addresses(string address, bool isForbidden) => SafeConnection.IsForbidden(IPAddress.Parse(address)).Should().Be(isForbidden);

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:169.254.169.254")]
    public async Task A_refused_address_is_not_connected_to(string address)
    {
        var connect = () => SafeConnection.ConnectAsync(address, 80, TestContext.Current.CancellationToken);
        await connect.Should().ThrowAsync<ForbiddenAddressException>();
        using var client = SafeConnection.CreateClient();
        var get = () => client.GetAsync($"http://{(address.Contains(':') ? $"[{address}]" : address)}/latest", TestContext.Current.CancellationToken);
        (await get.Should().ThrowAsync<HttpRequestException>()).Which.GetBaseException().Should().BeOfType<ForbiddenAddressException>();
    }
}
