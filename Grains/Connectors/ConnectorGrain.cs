using System.Text.Json;
using Microsoft.Extensions.Logging;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors.Health;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Grains.Shared.Security;

namespace OrleansPayments.Grains.Connectors;

/// <summary>One connector: its settings and sealed credentials here, leave to charge and its health beside.</summary>
[GrainType("connector")]
internal sealed partial class ConnectorGrain(
    IJournal journal, PaymentProviders providers, ISecretSealer sealer, ConnectorMetrics metrics, TimeProvider time, ILogger<ConnectorGrain> logger)
    : JournaledGrain<ConnectorState, ConnectorEvent>(journal, ConnectorJson.Default.ConnectorEventArray), IConnectorGrain
{
    private ConnectorName Name => ConnectorName.Parse(this.GetPrimaryKeyString());

    protected override string EntityId => "connector/" + this.GetPrimaryKeyString();

    public async Task<Outcome<CreateConnectorResult>> Create(CreateConnector command)
    {
        if (State is { } existing) return await Repeat(existing, command);
        if (CheckCredentials(command.Provider, command.Credentials) is { } refusal) return refusal;

        // Known to the directory before it exists: a crash in between leaves a name without a connector, never a connector that routing misses.
        if ((await GrainFactory.Routing().Register(Name)).Refusal is { } full) return full;

        var credentials = SealedCredentials.Seal(sealer, Name, command.Credentials);
        await Record(new ConnectorCreated(command.Provider, command.Settings, credentials, command.CreationKey));
        return await Announce(State!, replayed: false);
    }

    public async Task<Outcome<ConnectorView>> Update(UpdateConnector command)
    {
        if (State is not { } before) return NotFound();
        if (command.IfVersion is { } version && version != before.Version)
        {
            // What stands in the way may be this very change, whose first request died between its record and the word to routing.
            await GrainFactory.Routing().Refresh(before.ToView());
            return new Refusal(RefusalCode.VersionConflict, $"The connector has version {before.Version}.", "/version");
        }

        if (command.Credentials is { } given && CheckCredentials(before.Provider, given) is { } refusal) return refusal;

        var events = ChangesOf(before, command);
        if (events.Length > 0) await Record(events);
        if (before.Settings.Status != State!.Settings.Status) LogStatusChanged(Name, before.Settings.Status, State.Settings.Status);

        // Also when nothing changed: the first request may have died between its record and this.
        var view = State.ToView();
        await GrainFactory.Routing().Refresh(view);
        return view;
    }

    public Task<ConnectorView?> Get() => Task.FromResult(State?.ToView());

    public async Task<ConnectorPermit?> RequestPermit(PermitPurpose purpose)
    {
        if (purpose == PermitPurpose.Charge) return (await RequestChargePermit()).Permit;
        if (State is not { } state) return null;
        return purpose == PermitPurpose.Operation && state.Settings.Status == ConnectorStatus.Disabled ? null : PermitOf(state, number: 0);
    }

    protected override ConnectorState Apply(ConnectorState? state, ConnectorEvent happened, int version, DateTimeOffset at) => happened switch
    {
        ConnectorCreated e => new ConnectorState(Name, e.Provider, e.Settings, e.SealedCredentials, e.CreationKey, version, at, at, e.Settings, version),
        ConnectorSettingsChanged e when state is not null => state with { Settings = e.Settings, Version = version, UpdatedAt = at },
        ConnectorCredentialsReplaced e when state is not null => state with
        {
            SealedCredentials = e.SealedCredentials,
            CredentialsVersion = version,
            Version = version,
            UpdatedAt = at,
        },
        _ => throw new InvalidDataException($"A connector does not take {happened.GetType().Name} here."),
    };

    private async Task<Outcome<CreateConnectorResult>> Repeat(ConnectorState existing, CreateConnector command)
    {
        if (existing.CreationKey != command.CreationKey)
        {
            return new Refusal(RefusalCode.ConnectorExists, $"A connector named '{Name}' exists.", "/name");
        }

        // The first request may have died between its record and this.
        return await Announce(existing, replayed: true);
    }

    private async Task<Outcome<CreateConnectorResult>> Announce(ConnectorState state, bool replayed)
    {
        await GrainFactory.Routing().Refresh(state.ToView());
        return new CreateConnectorResult(state.ToCreatedView(), replayed);
    }

    private ConnectorEvent[] ChangesOf(ConnectorState state, UpdateConnector command)
    {
        var events = new List<ConnectorEvent>();
        var settings = command.ApplyTo(state.Settings);
        if (!Same(settings, state.Settings)) events.Add(new ConnectorSettingsChanged(settings));
        if (command.Credentials is { } credentials) events.Add(new ConnectorCredentialsReplaced(SealedCredentials.Seal(sealer, Name, credentials)));
        return [.. events];
    }

    // In their stored form: lists compare by reference.
    private static bool Same(ConnectorSettings left, ConnectorSettings right) =>
        JsonSerializer.Serialize(left, ConnectorJson.Default.ConnectorSettings) == JsonSerializer.Serialize(right, ConnectorJson.Default.ConnectorSettings);

    private Refusal? CheckCredentials(string provider, ConnectorCredentials credentials) => providers.Find(provider) is { } known
        ? known.CheckCredentials(credentials)
        : new Refusal(RefusalCode.UnknownProvider, $"The provider must be one of: {string.Join(", ", providers.Names)}.", "/provider");

    private Refusal NotFound()
    {
        // A wrong guess of a name should not stay in memory.
        DeactivateOnIdle();
        return new Refusal(RefusalCode.NotFound, "There is no such connector.");
    }

    [LoggerMessage(3, LogLevel.Information, "Connector {Connector} was {Before} and is {After}")]
    private partial void LogStatusChanged(ConnectorName connector, ConnectorStatus before, ConnectorStatus after);
}
