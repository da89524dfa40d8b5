using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansPayments.Silo.Persistence.Projections;
using OrleansPayments.Silo.Persistence.Tests.Infrastructure;
using OrleansPayments.Silo.Security;

namespace OrleansPayments.Silo.Persistence.Tests;

[Collection(ClusterGroup.Name)]
public sealed class HostingTests(ClusterFixture cluster)
{
    [Fact]
    public async Task A_service_registered_after_the_persistence_still_appends_while_it_stops()
    {
        using var folder = new TempFolder();
        var grains = new Draining();
        using (var host = Build(("DataFolder", folder.Path), grains))
        {
            await host.StartAsync();
            Assert.Equal(JournalState.Ready, host.Services.GetRequiredService<PostgresJournal>().Health.State);
            grains.Journal = host.Services.GetRequiredService<IJournal>();
            await host.StopAsync();
            Assert.Equal(AppendStatus.Appended, grains.Last);
            Assert.Equal(JournalState.Stopped, host.Services.GetRequiredService<PostgresJournal>().Health.State);
        }

        // The server has stopped with the host.
        Assert.False(File.Exists(Path.Combine(folder.Path, "postgres", "data", "postmaster.pid")));
    }

    [Fact]
    public async Task A_configured_server_is_used_and_left_running()
    {
        var connectionString = await cluster.CreateEmptyDatabaseAsync();
        using var host = Build(("ConnectionStrings:Payments", connectionString), new Draining());
        await host.StartAsync();
        Assert.Empty(host.Services.GetRequiredService<Projector>().Statuses);
        await host.StopAsync();
        Assert.Equal(64L, await ClusterFixture.QueryAsync<long>(connectionString, "SELECT count(*) FROM payments.shard"));
    }

    [Fact]
    public void An_option_out_of_its_range_is_refused_by_name()
    {
        using var host = Build(("Journal:MaxBatch", "513"), new Draining());
        var refusal = Assert.Throws<ValidationException>(host.Services.GetRequiredService<IJournal>);
        Assert.Contains("MaxBatch", refusal.Message, StringComparison.Ordinal);
    }

    private static IHost Build((string Key, string Value) setting, Draining grains)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new(setting.Key, setting.Value)]);
        builder.Services.AddSingleton(new MasterKeys(MasterKey.Generate().ToBase64(), null, ""));
        builder.Services.AddSingleton<KeyRing>();
        builder.Services.AddPersistence(builder.Configuration);
        builder.Services.AddSingleton<IHostedService>(grains);
        return builder.Build();
    }

    /// <summary>Stands for the grain engine, whose grains write while they are deactivated.</summary>
    private sealed class Draining : IHostedService
    {
        public IJournal? Journal { get; set; }

        public AppendStatus? Last { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            if (Journal is not null)
                Last = (await Journal.AppendAsync(new JournalAppend("pay_last", 0, "[]"u8.ToArray()))).Status;
        }
    }
}
