using System.Globalization;
using System.Text.Json.Nodes;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>One silo and one simulator for many tests; each test opens a <see cref="Shop"/> of its own, so none sees another's payments.</summary>
public class SystemFixture : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _settings;
    private int _shops;

    public SiloInProcess Silo { get; private set; } = null!;

    public Simulator Simulator { get; private set; } = null!;

    public SystemFixture()
        : this([])
    {
    }

    /// <param name="settings">Of the silo, as <c>--NAME</c> and value.</param>
    protected SystemFixture(string[] settings) => _settings = settings;

    public async Task InitializeAsync()
    {
        Simulator = await Simulator.StartAsync();
        Silo = await SiloInProcess.StartAsync(_folder.Path, null, _settings);
    }

    /// <param name="connector">Changes the connector's body before it is sent.</param>
    public Task<Shop> OpenShopAsync(Action<JsonObject>? connector = null)
    {
        var account = string.Create(CultureInfo.InvariantCulture, $"shop-{Interlocked.Increment(ref _shops)}");
        return Shop.OpenAsync(Silo.Admin, Simulator, account, connector);
    }

    public async Task DisposeAsync()
    {
        await Silo.DisposeAsync();
        await Simulator.DisposeAsync();
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing) _folder.Dispose();
    }
}

/// <summary>The tests of one silo run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class OneSilo : ICollectionFixture<SystemFixture>
{
    public const string Name = "one silo";
}

/// <summary>A second silo, so that tests which wait do not hold up the others.</summary>
[CollectionDefinition(Name)]
public sealed class OneSiloWithFaults : ICollectionFixture<SystemFixture>
{
    public const string Name = "one silo with faults";
}

/// <summary>A silo that waits five seconds for a confirmation or a payer.</summary>
public sealed class ShortPatienceFixture() : SystemFixture(["--Payments:ConfirmWithin", "00:00:05", "--Payments:ActWithin", "00:00:05"]);

[CollectionDefinition(Name)]
public sealed class OneSiloOfShortPatience : ICollectionFixture<ShortPatienceFixture>
{
    public const string Name = "one silo of short patience";
}
