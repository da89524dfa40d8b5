using System.Collections.Immutable;
using OrleansPayments.Grains.Shared.Failpoints;

namespace OrleansPayments.Silo.Hosting.Failpoints;

/// <summary>Failpoints where the setting <c>Failpoints:Enabled</c> asks for them, and only in environments that are made for it.</summary>
internal static class FailpointHosting
{
    public const string Setting = "Failpoints:Enabled";

    // Named one by one: nobody can know what people call the place where money is real.
    private static readonly ImmutableArray<string> Environments = ["Development", "Testing"];

    /// <summary>Call it before the grains and the journal are added.</summary>
    /// <exception cref="SettingsException">The setting is malformed, or would enable failpoints in production.</exception>
    public static void AddFailpoints(this WebApplicationBuilder builder)
    {
        if (!IsEnabled(builder.Configuration[Setting])) return;
        if (!Environments.Contains(builder.Environment.EnvironmentName))
        {
            throw new SettingsException(
                $"{Setting} lets an administrator kill the silo in the middle of a payment and may be true only in the environments " +
                $"{string.Join(" and ", Environments)}; without ASPNETCORE_ENVIRONMENT it is Production.");
        }

        builder.Services.AddSingleton<FailpointControl>();
        builder.Services.AddSingleton<IFailpoints>(provider => provider.GetRequiredService<FailpointControl>());
    }

    /// <summary>Maps the control endpoints and warns; nothing where failpoints are not enabled.</summary>
    public static void MapFailpoints(this WebApplication app)
    {
        if (app.Services.GetService<FailpointControl>() is not { } control) return;
        control.LogEnabled();
        FailpointEndpoints.Map(app);

        // A stop in good order waits for everything that runs.
        app.Lifetime.ApplicationStopping.Register(control.DisarmAll);
    }

    private static bool IsEnabled(string? value)
    {
        if (string.IsNullOrEmpty(value)) return false;
        return bool.TryParse(value, out var enabled) ? enabled : throw new SettingsException($"{Setting} must be true or false, not '{value}'.");
    }
}
