using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;

namespace OrleansPayments.Benchmarks.Engine;

/// <summary>Microsoft Orleans: one silo, called from inside its own process. Its twin under <c>EmbeddedEngine/</c> takes its place when the build says so.</summary>
internal static class EngineHosts
{
    public static IReadOnlyList<IContestant> Start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.UseOrleans(silo => silo.UseLocalhostClustering(FreePort(), FreePort()));
        return [new GrainContestant(ContestantNames.Orleans, builder.Build())];
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
