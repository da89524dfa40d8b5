using System.Reflection;
using System.Text.RegularExpressions;

namespace OrleansPayments.Architecture.Tests;

/// <summary>Who may know whom.</summary>
public sealed partial class DependencyTests
{
    private static readonly Assembly Grains = Assembly.Load("OrleansPayments.Grains");
    private static readonly Assembly Interfaces = Assembly.Load("OrleansPayments.Grains.Interfaces");
    private static readonly Assembly Simulator = Assembly.Load("OrleansPayments.PspSimulator");

    // What a domain inside Grains may use of the others: the ports and bases that are shared, and the port to connectors.
    private static readonly Dictionary<string, string[]> DomainsAllowed = new(StringComparer.Ordinal)
    {
        ["Payments"] = ["Shared", "Connectors"],
        ["Connectors"] = ["Shared"],
        ["Merchants"] = ["Shared"],
        ["Routing"] = ["Shared"],
        ["Idempotency"] = ["Shared"],
        ["Shared"] = [],
    };

    [Fact]
    public void Grains_know_no_database_and_no_HTTP_server()
    {
        string[] forbidden = ["Npgsql", "Microsoft.AspNetCore", "System.Data"];
        Assert.DoesNotContain(References(Grains), name => forbidden.Any(one => name.StartsWith(one, StringComparison.Ordinal)));
    }

    [Fact]
    public void Interfaces_know_nothing_but_the_engines_public_API() =>
        Assert.All(References(Interfaces), name => Assert.True(
            name.StartsWith("System", StringComparison.Ordinal) || name is "OrleansPayments.GrainEngine" || name.StartsWith("Orleans.", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal),
            $"Grains.Interfaces references {name}."));

    [Fact]
    public void The_simulator_shares_no_code_with_the_connectors() =>
        Assert.DoesNotContain(References(Simulator), name => name.StartsWith("OrleansPayments", StringComparison.Ordinal));

    [Fact]
    public void A_domain_reaches_another_only_through_its_interfaces()
    {
        var folders = Directory.GetDirectories(Path.Combine(Repository.Root, "Grains")).Select(path => Path.GetFileName(path)!)
            .Where(name => name is not ("bin" or "obj"));
        Assert.Equal(DomainsAllowed.Keys.Order(StringComparer.Ordinal), folders.Order(StringComparer.Ordinal));

        var crossings =
            from file in Repository.Files("*.cs", "Grains")
            let domain = file.Split('/')[1]
            where DomainsAllowed.ContainsKey(domain)
            from Match use in UsedDomain().Matches(Repository.ReadCode(file))
            let used = use.Groups[1].Value
            where used != domain && !DomainsAllowed[domain].Contains(used)
            select $"{file} uses {used}";
        Assert.Empty(crossings);
    }

    [Fact]
    public void Providers_never_see_each_other()
    {
        var providers = Directory.GetDirectories(Path.Combine(Repository.Root, "Grains", "Connectors")).Select(path => Path.GetFileName(path)!)
            .Where(name => name != "Http").ToList();
        Assert.Contains("Stripe", providers);
        var crossings =
            from provider in providers
            from file in Repository.Files("*.cs", $"Grains/Connectors/{provider}")
            from other in providers
            where other != provider && Repository.ReadCode(file).Contains($"Connectors.{other}", StringComparison.Ordinal)
            select $"{file} uses {other}";
        Assert.Empty(crossings);
    }

    [Fact]
    public void Grains_are_internal_and_sealed()
    {
        var grains = Grains.GetTypes().Where(type => typeof(Grain).IsAssignableFrom(type) && !type.IsAbstract).ToList();
        Assert.NotEmpty(grains);
        Assert.All(grains, grain => Assert.True(grain is { IsPublic: false, IsSealed: true }, $"{grain} must be internal and sealed."));
    }

    [Fact]
    public void Grain_sources_hold_no_conditional_code() =>
        Assert.All(
            Repository.Files("*.cs", "Grains").Concat(Repository.Files("*.cs", "Grains.Interfaces")),
            file => Assert.DoesNotMatch(@"(?m)^\s*#if", Repository.Read(file)));

    [Fact]
    public void The_silo_is_composed_in_a_short_program() =>
        Assert.True(Repository.Read("Silo/Program.cs").Split('\n').Length < 40, "Silo/Program.cs is the composition root's door, not its home.");

    private static IEnumerable<string> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(name => name.Name!);

    [GeneratedRegex(@"OrleansPayments\.Grains\.([A-Z]\w*)")]
    private static partial Regex UsedDomain();
}
