using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using OrleansPayments.Silo.Hosting;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests.OrleansEngine;

/// <summary>The stop of a silo whose grains do not end what they do.</summary>
public sealed class DrainTests
{
    [Fact]
    public async Task A_call_that_never_ends_leaves_the_journal_its_time_to_stop()
    {
        var journal = new StopWitness();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(8));
        builder.Services.AddSingleton<IHostedService>(journal);
        builder.UseOrleans(silo => silo.UseLocalhostClustering(SiloProcess.FreePort(), gatewayPort: 0));
        builder.Services.AddHostedService(services => new SiloDrain(services.GetRequiredService<Orleans.Runtime.Silo>(), TimeSpan.FromMilliseconds(500)));
        using var host = builder.Build();
        await host.StartAsync();
        var grain = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IStuckGrain>("stuck");
        var call = grain.Wait();
        await Eventually.TrueAsync("a call in the grain", TimeSpan.FromSeconds(10), () => grain.IsWaiting());

        await host.StopAsync();

        Assert.Equal([false], journal.Stops);
        Assert.False(call.IsCompletedSuccessfully);
    }

    /// <summary>Stands where the journal stands: it stops after the grains.</summary>
    private sealed class StopWitness : IHostedService
    {
        /// <summary>Per stop, whether its time was over already.</summary>
        public List<bool> Stops { get; } = [];

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            Stops.Add(cancellationToken.IsCancellationRequested);
            return Task.CompletedTask;
        }
    }
}
