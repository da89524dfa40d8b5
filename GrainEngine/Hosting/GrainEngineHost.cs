using Microsoft.Extensions.Hosting;
using Orleans.Runtime;

namespace Orleans.Hosting;

/// <summary>Starts the engine with the host and drains it when the host stops.</summary>
internal sealed class GrainEngineHost(EmbeddedGrainEngine engine) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        engine.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => engine.DrainAsync(cancellationToken);
}
