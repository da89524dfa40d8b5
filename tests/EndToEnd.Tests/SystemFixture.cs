using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>One silo and one simulator for many tests; each test opens a <see cref="Shop"/> of its own, so none sees another's payments.</summary>
public sealed class SystemFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public SiloInProcess Silo { get; private set; } = null!;

    public Simulator Simulator { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Simulator = await Simulator.StartAsync();
        Silo = await SiloInProcess.StartAsync(_folder.Path);
    }

    public Task<Shop> OpenShopAsync(string account, Action<System.Text.Json.Nodes.JsonObject>? connector = null) =>
        Shop.OpenAsync(Silo.Admin, Simulator, account, connector);

    public async Task DisposeAsync()
    {
        await Silo.DisposeAsync();
        await Simulator.DisposeAsync();
        _folder.Dispose();
    }
}

[CollectionDefinition(Name)]
public sealed class SystemCollection : ICollectionFixture<SystemFixture>
{
    public const string Name = "one silo";
}
