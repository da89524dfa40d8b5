namespace OrleansPayments.Silo.Api.Access;

/// <summary>Who may use a route; every route of the API has one, and one without is refused to everybody.</summary>
internal sealed class AccessRequirement
{
    private AccessRequirement(string? permission, bool isOpen = false)
    {
        Permission = permission;
        IsOpen = isOpen;
    }

    public static AccessRequirement Administrator { get; } = new(null);

    /// <summary>Nobody is authenticated, and <see cref="AccessRequirementExtensions.Caller"/> must not be asked for.</summary>
    public static AccessRequirement Open { get; } = new(null, isOpen: true);

    public bool IsOpen { get; }

    /// <summary>The permission that a merchant's key needs; null when only administrators, or all, may.</summary>
    public string? Permission { get; }

    public static AccessRequirement Of(string permission) => new(permission);

    public bool IsMetBy(Caller caller) => caller.IsAdministrator || (Permission is not null && caller.May(Permission));
}
